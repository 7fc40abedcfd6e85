import NumericalMethods
import Testing

@testable import DataSets

@Suite struct ResamplingTests {
    private func image(_ width: Int, _ height: Int, _ value: (Int, Int, Int) -> UInt8) -> RGBImage {
        var pixels: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                for color in 0..<3 { pixels.append(value(x, y, color)) }
            }
        }
        return RGBImage(width: width, height: height, pixels: pixels)
    }

    private func whole(_ image: RGBImage, isFlipped: Bool = false) -> Crop {
        Crop(
            x: 0, y: 0, width: Double(image.width), height: Double(image.height), isFlipped: isFlipped)
    }

    private func noise(_ width: Int, _ height: Int) -> RGBImage {
        var stream = RandomStream(seed: 6, name: "resampling")
        let values = stream.integers(3 * width * height, below: 256)
        return RGBImage(width: width, height: height, pixels: values.map { UInt8($0) })
    }

    @Test func theSameSizeChangesNothing() {
        let image = noise(9, 9)
        let planes = Resampling.render(whole(image), of: image, side: 9)
        for color in 0..<3 {
            for pixel in 0..<81 {
                #expect(planes[81 * color + pixel] == Float(image.pixels[3 * pixel + color]))
            }
        }
    }

    @Test func flippingTurnsRowsAround() {
        let image = noise(9, 9)
        let plain = Resampling.render(whole(image), of: image, side: 5)
        let flipped = Resampling.render(whole(image, isFlipped: true), of: image, side: 5)
        for row in 0..<15 {
            #expect(Array(flipped[row * 5..<row * 5 + 5]) == plain[row * 5..<row * 5 + 5].reversed())
        }
    }

    /// Constant images stay what they are, at any size, up to the edges.
    @Test(arguments: [1, 2, 7, 40])
    func weightsSumToOne(side: Int) {
        let image = image(11, 6) { _, _, color in UInt8(50 * (color + 1)) }
        let planes = Resampling.render(whole(image), of: image, side: side)
        for color in 0..<3 {
            for value in planes[(color * side * side)..<((color + 1) * side * side)] {
                // Two sums of weights, each rounded to 6e−8.
                #expect(abs(value - Float(50 * (color + 1))) < 1e-3)
            }
        }
    }

    /// A slope is a straight line for the triangle filter, but for the outermost pixels.
    @Test func slopesStaySlopes() {
        let image = image(64, 64) { x, y, color in UInt8([2 * x, 3 * y, x + y][color]) }
        for side in [16, 128] {
            let step = 64 / Double(side)
            let planes = Resampling.render(whole(image), of: image, side: side)
            let inner = (2 * side / 16)..<(14 * side / 16)
            for y in inner {
                for x in inner {
                    let column: Double = (Double(x) + 0.5) * step - 0.5
                    let row: Double = (Double(y) + 0.5) * step - 0.5
                    let expected: [Double] = [2 * column, 3 * row, column + row]
                    for color in 0..<3 {
                        let found = Double(planes[(color * side + y) * side + x])
                        #expect(abs(found - expected[color]) < 1e-3)
                    }
                }
            }
        }
    }

    /// A chessboard of single pixels becomes grey when it is reduced: that is what antialiasing is for.
    @Test func reducingDoesNotAlias() {
        let image = image(96, 96) { x, y, _ in (x + y) % 2 == 0 ? 255 : 0 }
        let planes = Resampling.render(whole(image), of: image, side: 24)
        // Away from the edge the filter of 8 pixels weighs both colours alike.
        for y in 2..<22 { for x in 2..<22 { #expect(abs(planes[y * 24 + x] - 127.5) < 0.1) } }
    }

    /// To crop what was resampled and to resample a crop are the same.
    @Test func cropsAreThoseOfTheResampledImage() {
        let image = noise(50, 40)
        let large = Resampling.render(
            Crop(x: 0, y: 0, width: 40, height: 40), of: image, side: 20)
        // Pixels 6 … 15 of the 20, in steps of 2.
        let part = Resampling.render(Crop(x: 12, y: 12, width: 20, height: 20), of: image, side: 10)
        for color in 0..<3 {
            for y in 0..<10 {
                for x in 0..<10 {
                    let one = part[(color * 10 + y) * 10 + x]
                    let other = large[(color * 20 + y + 6) * 20 + x + 6]
                    #expect(abs(one - other) < 1e-3)
                }
            }
        }
    }

    @Test func tapsByHand() {
        // Two to one: centres at 1 and 3 reach two pixels either way.
        let taps = Resampling.taps(from: 0, length: 4, size: 4, outputs: 2)
        #expect(taps[0].first == 0 && taps[1].weights.count >= 3)
        let dense = taps.map { tap in
            (0..<4).map { index in
                (tap.first..<(tap.first + tap.weights.count)).contains(index)
                    ? tap.weights[index - tap.first] : 0
            }
        }
        // (0.75, 0.75, 0.25, 0) over 1.75, and its mirror image.
        let expected: [Float] = [3.0 / 7, 3.0 / 7, 1.0 / 7, 0]
        for (index, value) in expected.enumerated() {
            #expect(abs(dense[0][index] - value) < 1e-6 && abs(dense[1][3 - index] - value) < 1e-6)
        }
    }

    @Test func colorsAreNormalised() {
        let planes: [Float] = [0, 255, 0, 255, 0, 255]
        let values = ColorNormalization(mean: [0.5, 0.25, 0], deviation: [0.5, 0.25, 1]).normalized(planes)
        #expect(values == [-1, 1, -1, 3, 0, 1])
        #expect(abs(ColorNormalization.imageNet.normalized([0, 0, 0])[0] + 0.485 / 0.229) < 1e-6)
    }
}
