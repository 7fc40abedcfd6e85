import Files
import Kernels
import Safetensors

extension Checkpoint {
    /// Writes the three files, each on the disk before the next.
    func write(into folder: String) throws {
        var weights = SHA256()
        do {
            try SafetensorsWriter.write(
                state.tensors, metadata: ["format": "pt"], to: "\(folder)/\(CheckpointFiles.weights)"
            ) { weights.update($0) }
        } catch SafetensorsError.unwritable(let path, let reason) {
            throw CheckpointError.unwritable(path, reason: reason)
        }
        let record = CheckpointRecord(
            iteration: state.iteration, type: SafetensorsType.of(Scalar.self).rawValue, result: result)
        let json = try record.json()
        var sum = SHA256()
        json.withUnsafeBytes { sum.update($0) }
        try Self.write(json, to: "\(folder)/\(CheckpointFiles.state)")
        try Self.write(
            CheckpointFiles.checksums(weights: weights.hexadecimal, state: sum.hexadecimal),
            to: "\(folder)/\(CheckpointFiles.checksums)")
        try FolderChange<CheckpointError>.synchronize(folder)
    }

    private static func write(_ bytes: [UInt8], to path: String) throws {
        let file = try OutputFile<CheckpointError>(path)
        try bytes.withUnsafeBytes { try file.append($0) }
        try file.publish()
    }
}
