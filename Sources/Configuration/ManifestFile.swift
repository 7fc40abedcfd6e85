#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a run says of itself, read back: a `manifest.json`, or the manifest within a `report.json`.
///
/// Whoever wrote it, its words are only strings: which of them are options of a command, and which of those may be
/// taken from a file, is for the caller to decide.
public struct ManifestFile: Sendable, Equatable {
    public let path: String
    /// The command line of the run, word by word; empty where the file does not have it.
    public let command: [String]
    /// The run's options by name, as the words of the command line without dashes.
    public let configuration: [String: String]
    /// The structure of the report that it was in; `nil` for a manifest by itself.
    public let schemaVersion: String?

    /// The longest file that is read: manifests have a few thousand bytes, and reports a few hundred for each unit of
    /// each network.
    static let longest = 64 << 20

    /// - Throws: `ConfigurationError.unreadable`, `.tooLong`, `.notText`, `.tooDeep` or `.notAManifest`.
    public init(path: String) throws(ConfigurationError) {
        try self.init(json: TextInput.read(path, limit: Self.longest), path: path)
    }

    /// - Parameter path: what errors call the text.
    public init(json: [UInt8], path: String) throws(ConfigurationError) {
        let json = try TextInput.checked(json, path: path)
        if let place = TextInput.excessiveNesting(ofJSON: json) {
            throw .tooDeep(path, line: TextInput.line(of: place, in: json), limit: TextInput.deepest)
        }
        let document: Document
        do {
            document = try JSONDecoder().decode(Document.self, from: Data(json))
        } catch {
            throw .notAManifest(path, reason: Self.reason(error))
        }
        self.path = path
        guard let configuration = document.manifest?.configuration ?? document.configuration else {
            throw .notAManifest(path, reason: "it has no “configuration”")
        }
        self.configuration = configuration
        command = document.manifest?.command ?? document.command ?? []
        schemaVersion = document.schemaVersion
    }

    /// Either file: a manifest's members, or a report's.
    private struct Document: Decodable {
        struct Manifest: Decodable {
            let command: [String]?
            let configuration: [String: String]?
        }

        let schemaVersion: String?
        let manifest: Manifest?
        let command: [String]?
        let configuration: [String: String]?

        enum CodingKeys: String, CodingKey {
            case schemaVersion = "schema_version"
            case manifest, command, configuration
        }
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            guard let last = context.codingPath.last else { return "it is no JSON object" }
            return "its “\(last.stringValue)” is not what a run writes there"
        default: return "it is no JSON"
        }
    }
}
