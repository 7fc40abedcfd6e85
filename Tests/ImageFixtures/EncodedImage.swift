import CImageWriting

/// Bytes of PNG and JPEG files, made by the libraries that read them.
public enum EncodedImage {
    /// Grey, RGB or RGBA.
    public static func png(width: Int, height: Int, channels: Int = 3, _ pixels: [UInt8]) -> [UInt8] {
        encoded(pixels, width, height, channels) {
            cw_png(pixels, Int32(width), Int32(height), Int32(channels), $0.baseAddress, $0.count)
        }
    }

    /// Grey, RGB or CMYK.
    ///
    /// - Parameter restartInterval: blocks between two restart markers; 0 for none.
    public static func jpeg(
        width: Int, height: Int, channels: Int = 3, quality: Int = 95, isProgressive: Bool = false,
        isArithmetic: Bool = false, isSubsampled: Bool = false, restartInterval: Int = 0, _ pixels: [UInt8]
    ) -> [UInt8] {
        let options = cw_jpeg_options(
            quality: Int32(quality), is_progressive: isProgressive ? 1 : 0,
            is_arithmetic: isArithmetic ? 1 : 0, is_subsampled: isSubsampled ? 1 : 0,
            restart_interval: Int32(restartInterval))
        return encoded(pixels, width, height, channels) {
            cw_jpeg(pixels, Int32(width), Int32(height), Int32(channels), options, $0.baseAddress, $0.count)
        }
    }

    private static func encoded(
        _ pixels: [UInt8], _ width: Int, _ height: Int, _ channels: Int,
        _ write: (UnsafeMutableBufferPointer<UInt8>) -> Int
    ) -> [UInt8] {
        precondition(pixels.count == width * height * channels, "\(pixels.count) bytes of pixels")
        return [UInt8](unsafeUninitializedCapacity: 2 * pixels.count + 65_536) { file, count in
            count = write(file)
            precondition(count > 0, "the image could not be encoded")
        }
    }
}
