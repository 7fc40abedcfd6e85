internal import CImages
import Files

/// A PNG or JPEG file, told apart by what it holds.
///
/// The file may come from anybody: what it claims to be is checked before memory is allocated for it, and every
/// failure is an error that names it.
public enum ImageFile {
    /// More pixels than this are refused: 8192 × 8192, 200 MB decoded.
    public static let greatestArea = 1 << 26
    /// Longer files are refused.
    static let greatestLength = 1 << 28

    /// The extent that the file claims, as its image is seen upright, without decoding it.
    public static func extent(of path: String) throws -> ImageExtent {
        let file = try bytes(path)
        let stored = try measure(file, path)
        return ExifOrientation(ofFile: file).applied(to: stored)
    }

    /// The image, upright.
    ///
    /// - Throws: `ImageFolderError.undecodable`; `DataSetError` where the file cannot be read.
    public static func decode(_ path: String) throws -> RGBImage { try decodeWithOrientation(path).image }

    /// The image, upright, and how it was stored.
    static func decodeWithOrientation(
        _ path: String
    ) throws -> (image: RGBImage, stored: ExifOrientation) {
        let file = try bytes(path)
        let extent = try measure(file, path)
        var reason = ci_reason()
        var failed = false
        let pixels = [UInt8](unsafeUninitializedCapacity: 3 * extent.area) { pixels, filled in
            // What a decoder does not write must not be what memory happened to hold.
            pixels.initialize(repeating: 0)
            failed =
                ci_decode(
                    file, file.count, Int64(extent.width), Int64(extent.height), pixels.baseAddress, &reason)
                != 0
            filled = 3 * extent.area
        }
        guard !failed else { throw ImageFolderError.undecodable(path, reason: reason.words) }
        let orientation = ExifOrientation(ofFile: file)
        let stored = RGBImage(width: extent.width, height: extent.height, pixels: pixels)
        return (orientation.applied(to: stored), orientation)
    }

    private static func bytes(_ path: String) throws -> [UInt8] {
        let file = try InputFile<DataSetError>(path)
        guard file.size <= greatestLength else {
            throw ImageFolderError.undecodable(
                path, reason: "it is \(file.size) bytes long, and at most \(greatestLength) are read")
        }
        return try file.bytes(file.size, at: 0)
    }

    private static func measure(_ file: [UInt8], _ path: String) throws -> ImageExtent {
        var (width, height) = (Int64(0), Int64(0))
        var reason = ci_reason()
        guard ci_measure(file, file.count, &width, &height, &reason) == 0 else {
            throw ImageFolderError.undecodable(path, reason: reason.words)
        }
        let (area, isTooLarge) = width.multipliedReportingOverflow(by: height)
        guard width >= 1, height >= 1, !isTooLarge, area <= Int64(greatestArea) else {
            throw ImageFolderError.undecodable(
                path,
                reason: "it claims \(width) × \(height) pixels, and at most \(greatestArea) are decoded")
        }
        return ImageExtent(width: Int(width), height: Int(height))
    }
}

extension ci_reason {
    fileprivate var words: String {
        let words = withUnsafeBytes(of: text) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return words.isEmpty ? "the decoder failed" : words
    }
}
