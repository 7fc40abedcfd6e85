import Conformance

/// What a model of a file is made of, and what in it is rarely meant.
public struct StructureReport: Sendable {
    /// The file's name.
    public let name: String
    public let structure: ModelStructure
    public let findings: [StructureFinding]
    /// Sentences on what the file is.
    public let remarks: [String]
    public let manifest: RunManifest

    public init(name: String, structure: ModelStructure, remarks: [String], manifest: RunManifest) {
        self.name = name
        self.structure = structure
        findings = structure.findings
        self.remarks = remarks
        self.manifest = manifest
    }
}
