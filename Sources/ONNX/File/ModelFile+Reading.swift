import Files
import ProtocolBuffers

extension ModelFile {
    /// IR versions that are read.
    public static let readVersions = 3...13
    /// Bytes of a protocol buffer, and so of a file without the files of weights beside it: protobuf's own readers
    /// take no more.
    public static let greatestSize = Int(Int32.max)

    /// Bytes of memory for a byte of a file, in the worst case: attributes of nothing but a name take 60. Of real
    /// models nearly all bytes are weights, which take none.
    static let greatestGrowth = 100

    /// Reads a model. Weights are mapped, not read.
    ///
    /// Weights in files of their own are looked for in the model's folder, and nowhere else. What is read takes less
    /// than a hundred times the memory of the file, whatever bytes it holds.
    ///
    /// - Throws: `ModelFileError`.
    public init(path: String) throws(ModelFileError) {
        let source = try ModelSource(path)
        do {
            self = try source.file.withUnsafeBytes { try ModelFile(MessageReader($0), in: source) }
        } catch {
            let failure = error as? ModelFileError ?? .malformed(path, reason: "\(error)")
            if case .malformed = failure, let words = source.foreignWords {
                throw .notAModel(path, words: words)
            }
            throw failure
        }
    }

    /// Reads a `ModelProto`.
    private init(_ message: MessageReader, in source: ModelSource) throws {
        self.init(irVersion: 0, operatorSets: [:], graph: FileGraph(nodes: [], inputs: [], outputs: []))
        var (producer, graph) = (["", ""], nil as FileGraph?)
        var message = message
        while let field = try message.next() {
            switch field.number {
            case 1: irVersion = try Self.checkedVersion(try field.integer(), in: source)  // ir_version
            case 2: producer[0] = try field.repairedString()  // producer_name
            case 3: producer[1] = try field.repairedString()  // producer_version
            case 7: graph = try FileGraph(try field.message(), in: source)  // graph
            case 8: try operatorSets.insert(OperatorSet(try field.message()), in: source)  // opset_import
            case 14: metadata.insert(try TextEntry(try field.message()))  // metadata_props
            case 25: functions.append(try FileFunction(try field.message(), in: source))  // functions
            default: break
            }
        }
        guard let graph else { throw ModelFileError.malformed(source.path, reason: "it has no graph") }
        guard irVersion != 0 else {
            throw ModelFileError.malformed(source.path, reason: "it says no version")
        }
        guard !operatorSets.isEmpty else {
            throw ModelFileError.malformed(source.path, reason: "it names no set of operators")
        }
        self.graph = graph
        self.producer = producer.filter { !$0.isEmpty }.joined(separator: " ")
    }

    private static func checkedVersion(_ version: Int, in source: ModelSource) throws(ModelFileError) -> Int {
        guard readVersions.contains(version) else { throw .unsupportedVersion(source.path, version) }
        return version
    }
}

extension ModelSource {
    /// What the file is instead of a model, as far as its first bytes tell.
    fileprivate var foreignWords: String? {
        file.withUnsafeBytes { ForeignFormat(start: Array($0.prefix(512)), path: path)?.words }
    }
}
