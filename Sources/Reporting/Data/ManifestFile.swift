import Files
import Foundation

/// A run as `manifest.json` tells of it, or the manifest in a JSON report of any kind.
///
/// The file may come from anybody: it is read up to a length, and what it says is words alone. What it tells of the
/// images is not read, as it follows from them.
public struct ManifestFile: Sendable, Equatable {
    public let run: RunManifest
    /// Files of the report that it lies beside, relative to its folder; none in a report. Names that no report's file has
    /// are left out.
    public let files: [String]

    /// Longer files are refused: manifests stay far below a megabyte, and reports of the deepest networks that fit into
    /// memory far below the other.
    private static let longestManifest = 4 << 20
    private static let longestReport = 1 << 28

    /// - Throws: `ManifestFileError`.
    public init(path: String) throws {
        let file = try InputFile<ManifestFileError>(path)
        let longest =
            Path.name(of: path) == ReportBundle.manifestName ? Self.longestManifest : Self.longestReport
        guard file.size <= longest else {
            throw ManifestFileError.tooLong(path, bytes: file.size, greatest: longest)
        }
        try self.init(json: try file.bytes(file.size, at: 0), of: path)
    }

    /// - Parameter path: what errors call the text.
    public init(json: [UInt8], of path: String) throws {
        do {
            let inReport = try JSONDecoder().decode(Document.self, from: Data(json)).manifest
            self.init(try inReport ?? JSONDecoder().decode(Content.self, from: Data(json)))
        } catch DecodingError.dataCorrupted {
            throw ManifestFileError.notJSON(path)
        } catch {
            throw ManifestFileError.noManifest(path)
        }
    }

    private init(_ content: Content) {
        run = RunManifest(
            command: content.command, version: content.version ?? "", commit: content.commit,
            libraries: content.libraries ?? [:], configuration: content.configuration,
            resumptions: content.resumptions ?? [], operatingSystem: content.operatingSystem ?? "",
            processor: content.processor ?? "")
        files = (content.files ?? []).filter(ReportKind.canHold)
    }

    /// A report, which has the manifest in it.
    private struct Document: Decodable {
        let manifest: Content?
    }

    private struct Content: Decodable {
        let command: [String]
        let configuration: [String: String]
        let version: String?
        let commit: String?
        let libraries: [String: String]?
        let operatingSystem: String?
        let processor: String?
        let resumptions: [RunManifest.Resumption]?
        let files: [String]?

        enum CodingKeys: String, CodingKey {
            case command, configuration, version, commit, libraries, processor, resumptions, files
            case operatingSystem = "operating_system"
        }
    }
}

/// Why a file tells of no run.
public enum ManifestFileError: InputFileFailure, Equatable, CustomStringConvertible {
    case fileMissing(String)
    case unreadable(String, reason: String)
    case tooLong(String, bytes: Int, greatest: Int)
    case notJSON(String)
    case noManifest(String)

    public var description: String {
        switch self {
        case .fileMissing(let path): "There is no file \(path)."
        case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)."
        case .tooLong(let path, let bytes, let greatest):
            "\(path) is \(bytes) bytes long, and manifests are read up to \(greatest)."
        case .notJSON(let path):
            "\(path) cannot be read as the manifest of a run: it is no JSON, or is cut short."
        case .noManifest(let path):
            "\(path) is not the manifest of a run: it needs a “command” and a “configuration” of words."
        }
    }
}
