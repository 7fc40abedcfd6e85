internal import CImages
import Files

/// A PNG or JPEG file, told apart by what it holds. Samples are taken as they are stored: 16 bits lose their lower 8, and
/// gamma and colour profiles change nothing.
///
/// The file may come from anybody: what it claims to be is checked before memory is allocated for it, and every
/// failure is an error that names it.
public enum ImageFile {
    /// More pixels than this are refused: 8192 × 8192, 200 MB decoded.
    public static let greatestArea = 1 << 26
    /// Longer files are refused.
    static let greatestLength = 1 << 28
    /// Holds most headers; a profile or a thumbnail can make one longer.
    private static let usualHeaderLength = 1 << 16

    /// An image as it is seen, and what was met in decoding it.
    struct Decoded: Equatable {
        let image: RGBImage
        /// How it was stored.
        let orientation: ExifOrientation
        /// Whether the file has bytes that belong to nothing, which were passed over.
        let hasStrayBytes: Bool
    }

    /// The extent that the file claims for its image as it is stored, not turned upright. No more is read than that
    /// takes.
    public static func storedExtent(of path: String) throws(ImageFolderError) -> ImageExtent {
        let file = try open(path)
        var length = min(file.size, usualHeaderLength)
        while true {
            let beginning = try file.bytes(length, at: 0)
            do throws(ImageFolderError) {
                return try measure(beginning, path)
            } catch {
                guard length < file.size else { throw error }
                // In steps of eight: at most eight times what suffices.
                length = min(file.size, 8 * length)
            }
        }
    }

    /// The image, upright.
    ///
    /// - Throws: `ImageFolderError.undecodable`, also where the file cannot be read.
    public static func decode(_ path: String) throws(ImageFolderError) -> RGBImage {
        try decoded(path).image
    }

    static func decoded(_ path: String) throws(ImageFolderError) -> Decoded {
        let file = try open(path)
        return try decoded(try file.bytes(file.size, at: 0), named: path)
    }

    /// - Parameter path: that errors name.
    static func decoded(_ file: [UInt8], named path: String) throws(ImageFolderError) -> Decoded {
        let extent = try measure(file, path)
        var finding = ci_finding()
        var failed = false
        let pixels = [UInt8](unsafeUninitializedCapacity: 3 * extent.area) { pixels, filled in
            failed =
                ci_decode(
                    file, file.count, Int64(extent.width), Int64(extent.height), pixels.baseAddress, &finding)
                != 0
            filled = failed ? 0 : 3 * extent.area
        }
        guard !failed else { throw .undecodable(path, reason: finding.words) }
        let orientation = ExifOrientation(ofFile: file)
        let stored = RGBImage(width: extent.width, height: extent.height, pixels: pixels)
        return Decoded(
            image: orientation.applied(to: stored), orientation: orientation,
            hasStrayBytes: finding.stray_bytes > 0)
    }

    private static func open(_ path: String) throws(ImageFolderError) -> InputFile<ImageFolderError> {
        let file = try InputFile<ImageFolderError>(path)
        guard file.size <= greatestLength else {
            throw .undecodable(
                path, reason: "it is \(file.size) bytes long, and at most \(greatestLength) are read")
        }
        return file
    }

    static func measure(_ file: [UInt8], _ path: String) throws(ImageFolderError) -> ImageExtent {
        var (width, height) = (Int64(0), Int64(0))
        var finding = ci_finding()
        guard ci_measure(file, file.count, &width, &height, &finding) == 0 else {
            throw .undecodable(path, reason: finding.words)
        }
        let (area, isTooLarge) = width.multipliedReportingOverflow(by: height)
        guard width >= 1, height >= 1, !isTooLarge, area <= Int64(greatestArea) else {
            throw .undecodable(
                path,
                reason: "it claims \(width) × \(height) pixels, and at most \(greatestArea) are decoded")
        }
        return ImageExtent(width: Int(width), height: Int(height))
    }
}

extension ci_finding {
    fileprivate var words: String {
        let words = withUnsafeBytes(of: reason) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return words.isEmpty ? "the decoder failed" : words
    }
}
