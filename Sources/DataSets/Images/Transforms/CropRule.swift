import NumericalMethods
import RealModule

/// A part of an image, in its own pixels: pixel (0, 0) covers [0, 1) × [0, 1).
public struct Crop: Equatable, Sendable {
    public let x: Double
    public let y: Double
    public let width: Double
    public let height: Double
    /// Whether left and right change places.
    public let isFlipped: Bool

    public init(x: Double, y: Double, width: Double, height: Double, isFlipped: Bool = false) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
        self.isFlipped = isFlipped
    }

    /// The square of `side` pixels at an offset of an image that was resampled to `resized`.
    fileprivate init(
        of extent: ImageExtent, resized: ImageExtent, left: Int, top: Int, side: Int, isFlipped: Bool
    ) {
        let (scaleX, scaleY) = (
            Double(extent.width) / Double(resized.width), Double(extent.height) / Double(resized.height)
        )
        self.init(
            x: Double(left) * scaleX, y: Double(top) * scaleY, width: Double(side) * scaleX,
            height: Double(side) * scaleY, isFlipped: isFlipped)
    }
}

/// Chooses which part of an image becomes the input: a pure function of the image's extent and a random stream.
public protocol CropRule: Sendable {
    /// Side of the square that the crop is resampled to.
    var side: Int { get }
    func crop(of extent: ImageExtent, _ stream: inout RandomStream) -> Crop
}

/// The paper's augmentation for ImageNet: the shorter side is brought to a length drawn from `scales`, and a square of
/// `side` pixels is cut out at random and flipped half of the time (Simonyan and Zisserman 2015).
public struct ScaleJitter: CropRule {
    public let side: Int
    /// None below `side`.
    public let scales: ClosedRange<Int>

    public init(side: Int = 224, scales: ClosedRange<Int> = 256...480) {
        precondition(side >= 1 && scales.lowerBound >= side, "a square of \(side) in images of \(scales)")
        self.side = side
        self.scales = scales
    }

    public func crop(of extent: ImageExtent, _ stream: inout RandomStream) -> Crop {
        let scale = scales.lowerBound + stream.integer(below: scales.count)
        let resized = extent.resized(toShorterSide: scale)
        let left = stream.integer(below: resized.width - side + 1)
        let top = stream.integer(below: resized.height - side + 1)
        return Crop(
            of: extent, resized: resized, left: left, top: top, side: side,
            isFlipped: stream.integer(below: 2) == 1)
    }
}

/// Scale-and-aspect augmentation (Szegedy et al. 2015): a rectangle of a share of the image's area drawn from `areas`
/// and of an aspect ratio drawn from `aspects`, uniform in its logarithm so that no orientation is preferred, anywhere
/// in the image, flipped half of the time. After ten rectangles that do not fit, the largest central one whose aspect
/// is within the range.
public struct ScaleAndAspectJitter: CropRule {
    public let side: Int
    public let areas: ClosedRange<Double>
    public let aspects: ClosedRange<Double>

    public init(
        side: Int = 224, areas: ClosedRange<Double> = 0.08...1,
        aspects: ClosedRange<Double> = 0.75...(4.0 / 3)
    ) {
        precondition(
            side >= 1 && areas.lowerBound > 0 && areas.upperBound <= 1 && aspects.lowerBound > 0,
            "a square of \(side) from areas \(areas), aspects \(aspects)")
        self.side = side
        self.areas = areas
        self.aspects = aspects
    }

    private static var attempts: Int { 10 }

    public func crop(of extent: ImageExtent, _ stream: inout RandomStream) -> Crop {
        for _ in 0..<Self.attempts {
            let area = Double(extent.area) * stream.uniform(within: areas)
            let aspect = Double.exp(stream.uniform(within: logAspects))
            let width = (area * aspect).squareRoot().rounded()
            let height = (area / aspect).squareRoot().rounded()
            let (freeX, freeY) = (extent.width - Int(width), extent.height - Int(height))
            guard width >= 1, height >= 1, freeX >= 0, freeY >= 0 else { continue }
            return Crop(
                x: Double(stream.integer(below: freeX + 1)), y: Double(stream.integer(below: freeY + 1)),
                width: width, height: height, isFlipped: stream.integer(below: 2) == 1)
        }
        return fallback(extent, isFlipped: stream.integer(below: 2) == 1)
    }

    private var logAspects: ClosedRange<Double> {
        Double.log(aspects.lowerBound)...Double.log(aspects.upperBound)
    }

    private func fallback(_ extent: ImageExtent, isFlipped: Bool) -> Crop {
        let (fullWidth, fullHeight) = (Double(extent.width), Double(extent.height))
        let width = min(fullWidth, fullHeight * aspects.upperBound)
        let height = min(fullHeight, fullWidth / aspects.lowerBound)
        return Crop(
            x: (fullWidth - width) / 2, y: (fullHeight - height) / 2, width: width, height: height,
            isFlipped: isFlipped)
    }
}

/// The paper's test: the shorter side is brought to a length, and the central square of `side` pixels is cut out. The
/// side may be another than was trained on, such as 320.
public struct CentralCrop: CropRule {
    public let side: Int
    public let shorterSide: Int

    public init(side: Int, shorterSide: Int) {
        precondition(side >= 1 && shorterSide >= side, "a square of \(side) in images of \(shorterSide)")
        self.side = side
        self.shorterSide = shorterSide
    }

    /// Cut out of an image whose shorter side is 8/7 of the square's: 224 of 256 pixels, as is usual.
    public init(side: Int) { self.init(side: side, shorterSide: Self.usualShorterSide(for: side)) }

    static func usualShorterSide(for side: Int) -> Int { (side * 8 + 6) / 7 }

    public func crop(of extent: ImageExtent, _ stream: inout RandomStream) -> Crop {
        let resized = extent.resized(toShorterSide: shorterSide)
        return Crop(
            of: extent, resized: resized, left: (resized.width - side) / 2, top: (resized.height - side) / 2,
            side: side, isFlipped: false)
    }
}

extension ImageExtent {
    /// The extent of a resampled image, its aspect kept to the nearest pixel.
    func resized(toShorterSide shorter: Int) -> ImageExtent {
        func scaled(_ length: Int) -> Int {
            max(shorter, Int((Double(length) * Double(shorter) / Double(shorterSide)).rounded()))
        }
        return ImageExtent(width: scaled(width), height: scaled(height))
    }
}

extension RandomStream {
    /// Uniform over a range that may be a single number.
    fileprivate mutating func uniform(within range: ClosedRange<Double>) -> Double {
        range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
    }
}
