/// What is mistaken for an ONNX file, told by its first bytes.
enum ForeignFormat: Equatable {
    case empty
    /// `torch.save`: a zip archive, or the pickle of earlier versions.
    case pyTorch
    case numPy
    case safetensors
    case hdf5
    case gguf
    case tensorFlowLite
    case picture
    case largeFilePointer
    case text

    /// - Parameters:
    ///   - start: the first bytes of a file, or all of a shorter one.
    ///   - path: its name tells archives of one kind apart.
    init?(start: [UInt8], path: String) {
        guard !start.isEmpty else {
            self = .empty
            return
        }
        let known: [(start: [UInt8], format: ForeignFormat)] = [
            (Array("PK\u{3}\u{4}".utf8), path.hasSuffix(".npz") ? .numPy : .pyTorch), ([0x80, 2], .pyTorch),
            ([0x80, 3], .pyTorch), ([0x80, 4], .pyTorch), ([0x80, 5], .pyTorch),
            ([0x93] + Array("NUMPY".utf8), .numPy), ([0x89] + Array("HDF".utf8), .hdf5),
            (Array("GGUF".utf8), .gguf), ([0x89] + Array("PNG".utf8), .picture),
            ([0xFF, 0xD8, 0xFF], .picture),
            (Array("version https://git-lfs".utf8), .largeFilePointer),
        ]
        if let found = known.first(where: { start.starts(with: $0.start) }) {
            self = found.format
        } else if start.dropFirst(4).starts(with: "TFL3".utf8) {
            self = .tensorFlowLite
        } else if start.count > 8, start[8] == UInt8(ascii: "{"), start[5..<8].allSatisfy({ $0 == 0 }) {
            self = .safetensors
        } else if Self.isText(start) {
            self = .text
        } else {
            return nil
        }
    }

    private static func isText(_ start: [UInt8]) -> Bool {
        let isPrintable = start.allSatisfy { $0 >= 0x20 && $0 != 0x7F || (0x09...0x0D).contains($0) }
        // The last letter may be cut off.
        return isPrintable
            && (0..<4).contains { String(validating: start.dropLast($0), as: UTF8.self) != nil }
    }

    /// What it is and the way out, as part of a sentence.
    var words: String {
        switch self {
        case .empty: "it is empty"
        case .pyTorch: "it is a file of PyTorch's torch.save; export the model there with torch.onnx.export"
        case .numPy: "it is a file of NumPy's"
        case .safetensors: "it is a safetensors file, which holds weights and no graph"
        case .hdf5: "it is an HDF5 file, such as Keras writes; convert it with tf2onnx"
        case .gguf: "it is a GGUF file, which holds weights and no graph"
        case .tensorFlowLite: "it is a file of TensorFlow Lite; convert it with tf2onnx"
        case .picture: "it is a picture"
        case .largeFilePointer: "it is a pointer of Git LFS; get the file with git lfs pull"
        case .text: "it is text"
        }
    }
}
