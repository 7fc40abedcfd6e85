/// Bilinear enlargement of square images by a whole factor, with half-pixel centres:
/// output pixel i reads input position `(i + ½)·from/to − ½`, and the edge repeats.
///
/// The map is `W X Wᵀ` with one sparse matrix W for both directions. (PyTorch's
/// `interpolate(mode="bilinear", align_corners=False)` is the same.)
struct BilinearEnlargement: Sendable {
    /// The two inputs that one output reads, and the weight of the second.
    struct Tap: Equatable, Sendable {
        let first: Int
        let second: Int
        let secondWeight: Float
    }

    let from: Int
    let to: Int
    /// A row of W an output pixel.
    let taps: [Tap]
    /// 2·to/from: W times this is whole, which keeps the sums below exact.
    private let denominator: Int
    /// Column sums of `denominator·W`.
    private let columnSums: [Int]
    /// `denominator²·WᵀW`, from × from.
    private let gram: [Int]

    init(from: Int, to: Int) {
        precondition(from >= 1 && to >= from && to % from == 0, "enlarging \(from) to \(to)")
        let denominator = 2 * (to / from)
        // `position` is the input position of the output's centre, in units of 1/denominator.
        taps = (0..<to).map { output in
            let position = min(max(2 * output + 1 - denominator / 2, 0), denominator * (from - 1))
            let first = position / denominator
            return Tap(
                first: first, second: min(first + 1, from - 1),
                secondWeight: Float(position % denominator) / Float(denominator))
        }
        var weights = [Int](repeating: 0, count: to * from)
        for (output, tap) in taps.enumerated() {
            let second = Int(tap.secondWeight * Float(denominator))
            weights[output * from + tap.first] += denominator - second
            weights[output * from + tap.second] += second
        }
        columnSums = (0..<from).map { column in (0..<to).reduce(0) { $0 + weights[$1 * from + column] } }
        gram = (0..<from * from).map { index in
            (0..<to).reduce(0) { $0 + weights[$1 * from + index / from] * weights[$1 * from + index % from] }
        }
        (self.from, self.to, self.denominator) = (from, to, denominator)
    }

    /// The image, from × from row by row, at to × to.
    func enlarged(_ image: [Float]) -> [Float] {
        precondition(image.count == from * from, "\(image.count) pixels")
        let wide = (0..<from).flatMap { row in
            taps.map { tap in
                interpolate(image[row * from + tap.first], image[row * from + tap.second], tap.secondWeight)
            }
        }
        return taps.flatMap { tap in
            (0..<to).map { column in
                interpolate(wide[tap.first * to + column], wide[tap.second * to + column], tap.secondWeight)
            }
        }
    }

    private func interpolate(_ first: Float, _ second: Float, _ weight: Float) -> Float {
        first * (1 - weight) + second * weight
    }

    /// Count, sum and sum of squares of the enlarged image, exactly: with c the column
    /// sums and G = WᵀW they are `cᵀXc` and `⟨GX, XG⟩`.
    func sums(of image: [Int]) -> Moments {
        precondition(image.count == from * from, "\(image.count) pixels")
        var (sum, squares) = (0, 0)
        for row in 0..<from {
            for column in 0..<from {
                sum += columnSums[row] * image[row * from + column] * columnSums[column]
                var (above, beside) = (0, 0)
                for k in 0..<from {
                    above += gram[row * from + k] * image[k * from + column]
                    beside += image[row * from + k] * gram[k * from + column]
                }
                squares += above * beside
            }
        }
        let scale = Double(denominator * denominator)
        return Moments(count: to * to, sum: Double(sum) / scale, squares: Double(squares) / (scale * scale))
    }
}
