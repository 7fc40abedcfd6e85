/// The frame of a record in a TFRecord file (tensorflow/core/lib/io/record_writer.h), all of it little-endian:
///
///     length  UInt64
///     masked CRC-32C of the length  UInt32
///     data
///     masked CRC-32C of the data  UInt32
enum TFRecord {
    static func framed(_ data: [UInt8]) -> [UInt8] {
        let length = littleEndian(UInt64(data.count))
        return length + littleEndian(CRC32C(of: length).masked) + data
            + littleEndian(CRC32C(of: data).masked)
    }

    static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
}
