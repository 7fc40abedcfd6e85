import Files

/// The names of a checkpoint's files, and the checksums that tie them together.
enum CheckpointFiles {
    static let weights = "weights.safetensors"
    static let state = "state.json"
    /// In the form of `sha256sum`.
    static let checksums = "SHA256SUMS"

    /// What `checksums` holds.
    static func checksums(weights: String, state: String) -> [UInt8] {
        Array("\(weights)  \(Self.weights)\n\(state)  \(Self.state)\n".utf8)
    }

    /// Whether a folder has what only checkpoints have.
    static func areIn(_ folder: String) -> Bool {
        let names = Folder.textNames(in: folder)
        return names.contains(state) || names.contains(checksums)
    }

    /// Compares both files of a folder with their checksums, to the byte.
    ///
    /// - Throws: `CheckpointError.damaged`, which says which file departs.
    static func verify(_ folder: String) throws {
        let written = try sums(of: folder)
        for name in [state, weights] {
            let found = try missingIsDamage(folder) {
                try InputFile<CheckpointError>("\(folder)/\(name)").sha256()
            }
            guard written[name] == found else {
                throw CheckpointError.damaged(
                    folder, reason: "\(name) does not have the checksum that \(checksums) gives")
            }
        }
    }

    /// Checksums by file.
    private static func sums(of folder: String) throws -> [String: String] {
        let bytes = try missingIsDamage(folder) {
            let file = try InputFile<CheckpointError>("\(folder)/\(checksums)")
            // Two lines of 64 digits and a name: anything longer is something else.
            return try file.bytes(min(file.size, 1024), at: 0)
        }
        let pairs = String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
            let parts = line.split(separator: " ")
            return parts.count == 2 ? (String(parts[1]), String(parts[0])) : nil
        }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    private static func missingIsDamage<Result>(
        _ folder: String, _ read: () throws -> Result
    ) throws -> Result {
        do {
            return try read()
        } catch CheckpointError.fileMissing(let path) {
            let name = path.split(separator: "/").last ?? ""
            throw CheckpointError.damaged(folder, reason: "its \(name) is missing")
        }
    }
}
