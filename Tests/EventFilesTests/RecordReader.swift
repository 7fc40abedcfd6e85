@testable import EventFiles

/// Reads records as TensorBoard does: up to the first that is cut short.
///
/// Checksums are recomputed, so a record that two writes mixed up is not taken for a whole one.
enum RecordReader {
    static func records(_ bytes: [UInt8]) -> [[UInt8]] {
        var rest = bytes[...]
        var records: [[UInt8]] = []
        while rest.count >= 12 {
            let length = Array(rest.prefix(8))
            let count = Int(number(length))
            guard number(rest.dropFirst(8).prefix(4)) == UInt64(CRC32C(of: length).masked),
                rest.count >= 12 + count + 4
            else { break }
            let data = Array(rest.dropFirst(12).prefix(count))
            guard number(rest.dropFirst(12 + count).prefix(4)) == UInt64(CRC32C(of: data).masked) else {
                break
            }
            records.append(data)
            rest = rest.dropFirst(12 + count + 4)
        }
        return records
    }

    private static func number(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
