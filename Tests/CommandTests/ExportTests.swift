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

    /// Of every row what was measured, and not what a design says of its shortcuts.
    private func rows(_ json: JSON) throws -> [[String: JSON]] {
        let kept = [
            "unit", "stage", "channels", "forward_rms", "channel_mean_square", "channel_variance",
            "gradient_log10",
            "direct_log10", "through_weights_log10", "stage_direct_log10", "stage_through_weights_log10",
            "cosine",
            "decomposition_error", "digits_left",
        ]
        return try #require(json["units"]?.elements).map { row in
            try Dictionary(uniqueKeysWithValues: kept.map { ($0, try #require(row[$0], "\($0)")) })
        }
    }

    @Test(
        "The model that is written is found and measured like the network",
        arguments: [
            ["--shortcut", "dropout0.5"], ["--shortcut", "gate-exclusive:-6", "--mode", "inference"],
            ["--architecture", "dense", "--width", "8", "--unit", "original", "--precision", "double"],
            ["--activation", "gelu", "--branch-scale", "@a", "--init", "a=0.5", "--precision", "double"],
        ])
    func model(words: [String]) throws {
        let folder = try TemporaryFolder()
        let common = ["--threads", "1"] + (words.contains("double") ? ["--precision", "double"] : [])
        let network = words.prefix { $0 != "--precision" }
        let built = try Program.run(
            ["--depth", "8", "--batch", "4"] + network + common + ["--json", "-", "--export", "e"], in: folder
        )
        #expect(built.exitCode == 0 && built.errors == "")
        #expect(
            try folder.contents().filter { $0.hasPrefix("e/") } == [
                "e/batch.safetensors", "e/model.onnx", "e/weights.safetensors",
            ])
        let inspected = try Program.run(
            ["inspect", "e/model.onnx", "--batch-file", "e/batch.safetensors", "--json", "-"] + common,
            in: folder)
        #expect(inspected.exitCode == 0 && inspected.errors == "")
        let units = try #require(JSON(parsing: built.output)["units"]?.elements).count - 1
        let listed = try #require(JSON(parsing: inspected.output)["units"]?.elements)
        #expect(listed.map { $0["label"]?.string } == (0..<units).map { "units.\($0)" })
        let read = try Program.run(
            ["e/model.onnx", "--batch-file", "e/batch.safetensors", "--json", "-"] + common, in: folder)
        #expect(read.exitCode == 0 && read.errors == "")
        let (before, after) = (try JSON(parsing: built.output), try JSON(parsing: read.output))
        guard !words.contains("--activation") else {
            // A formula is computed step by step there.
            let rows = try zip(rows(before), rows(after)).map { ($0["gradient_log10"], $1["gradient_log10"]) }
            #expect(rows.allSatisfy { abs(($0?.number ?? 0) - ($1?.number ?? 1)) < 1e-12 }, "\(rows)")
            return
        }
        #expect(try rows(after) == rows(before))
        #expect(after["loss"] == before["loss"])
    }

    /// Nothing in it stands for samples, so that other images in another number go through.
    @Test func modelOfAnyBatch() throws {
        let folder = try TemporaryFolder()
        let common = [
            "--depth", "8", "--data", "noise", "--threads", "1", "--mode", "inference", "--probe", "none",
        ]
        let export = try Program.run(common + ["--batch", "4", "--quiet", "--export", "e"], in: folder)
        #expect(export.exitCode == 0 && export.errors == "")
        let read = try Program.run(
            ["e/model.onnx", "--data", "noise", "--batch", "2", "--threads", "1", "--json", "-"], in: folder)
        #expect(read.exitCode == 0 && read.errors == "")
        let wrong = try Program.run("e/model.onnx", "--dim", "images[1]=4", in: folder)
        #expect(wrong.errors.contains("images[1] is 3 in the file"))
        // A mask stands for the samples that it was drawn for.
        let dropped = try Program.run(
            [
                "--depth", "8", "--data", "noise", "--threads", "1", "--shortcut", "dropout0.5", "--batch",
                "4", "--quiet",
                "--export", "d",
            ], in: folder)
        #expect(dropped.exitCode == 0)
        let fixed = try Program.run("d/model.onnx", "--dim", "images[0]=2", in: folder)
        #expect(fixed.errors.contains("images[0] is 4 in the file"))
    }
}
