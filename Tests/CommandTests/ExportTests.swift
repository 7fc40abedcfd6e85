import BuiltProgram
import Foundation
import TemporaryFolders
import Testing

/// The tensors that `--export` writes for another program to read.
struct ExportTests {
    /// A tensor of a safetensors file, with its extents.
    private func tensor<Number>(
        _ name: String, of path: String, in folder: TemporaryFolder, as type: Number.Type
    ) throws -> (shape: [Double], numbers: [Number]) {
        let data = try folder.data(path)
        let length = data.prefix(8).enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
        let header = try JSON(parsing: String(decoding: data[8..<8 + length], as: UTF8.self))
        let entry = try #require(header[name])
        let shape = try #require(entry["shape"]?.elements).compactMap(\.number)
        let offsets = try #require(entry["data_offsets"]?.elements).compactMap(\.number).map { Int($0) }
        let bytes = data[(8 + length + offsets[0])..<(8 + length + offsets[1])]
        let numbers = [UInt8](bytes).withUnsafeBytes { raw in
            (0..<raw.count / MemoryLayout<Number>.size).map {
                raw.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Number>.size, as: Number.self)
            }
        }
        return (shape, numbers)
    }

    /// However kernels lay images out in memory, a file has them row by row.
    @Test func imagesAreWrittenInTheirOrderInBothPrecisions() throws {
        let folder = try TemporaryFolder()
        for precision in ["single", "double"] {
            let outcome = try Program.run(
                [
                    "--depth", "8", "--batch", "2", "--data", "noise", "--threads", "1", "--quiet",
                    "--precision", precision, "--export", precision,
                ], in: folder)
            #expect(outcome.exitCode == 0 && outcome.errors == "")
        }
        let single = try tensor("images", of: "single/batch.safetensors", in: folder, as: Float.self)
        let double = try tensor("images", of: "double/batch.safetensors", in: folder, as: Double.self)
        #expect(single.shape == [2, 3, 32, 32] && double.shape == single.shape)
        #expect(Set(single.numbers).count > 1000, "images that do not tell places apart")
        #expect(single.numbers == double.numbers.map { Float($0) })
    }
}
