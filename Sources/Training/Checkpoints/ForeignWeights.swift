/// Files of weights in the formats of other programs, told by their first bytes.
enum ForeignWeights: Equatable {
    /// `torch.save`: a zip archive, or the pickle of earlier versions.
    case pyTorch
    case numPy
    case hdf5
    case onnx
    case gguf

    /// - Parameters:
    ///   - start: the first bytes of a file.
    ///   - path: its name tells archives of one kind apart.
    init?(start: [UInt8], path: String) {
        let known: [(start: [UInt8], format: ForeignWeights)] = [
            (Array("PK\u{3}\u{4}".utf8), path.hasSuffix(".npz") ? .numPy : .pyTorch), ([0x80, 2], .pyTorch),
            ([0x80, 3], .pyTorch), ([0x80, 4], .pyTorch), ([0x80, 5], .pyTorch),
            ([0x93] + Array("NUMPY".utf8), .numPy), ([0x89] + Array("HDF".utf8), .hdf5),
            (Array("GGUF".utf8), .gguf),
        ]
        if let found = known.first(where: { start.starts(with: $0.start) }) {
            self = found.format
        } else if path.hasSuffix(".onnx") {
            self = .onnx
        } else {
            return nil
        }
    }

    /// What it is and the way out, as part of a sentence.
    var sentence: String {
        switch self {
        case .pyTorch:
            "it is a file of PyTorch's torch.save; load it there and write its tensors with "
                + "safetensors.torch.save_file(model.state_dict(), \"weights.safetensors\")"
        case .numPy:
            "it is a file of NumPy's; write its arrays with safetensors.numpy.save_file(arrays, \"weights.safetensors\")"
        case .hdf5: "it is an HDF5 file, such as Keras writes, \(Self.way)"
        case .onnx: "it is an ONNX file, \(Self.way)"
        case .gguf: "it is a GGUF file, \(Self.way)"
        }
    }

    private static let way = "and weights are read from safetensors files"
}

/// Prefixes that wrappers of PyTorch's put before every name of a `state_dict`.
public enum PrefixedNames: String, Sendable, CaseIterable {
    case compiledInParallel = "module._orig_mod."
    case parallel = "module."
    case compiled = "_orig_mod."

    /// The one that all names begin with; `nil` where there is none.
    init?(_ names: [String]) {
        guard !names.isEmpty,
            let found = Self.allCases.first(where: { prefix in
                names.allSatisfy { $0.hasPrefix(prefix.rawValue) }
            })
        else { return nil }
        self = found
    }

    /// Who puts it there and the way out, as part of a sentence.
    var origin: String {
        switch self {
        case .parallel: "torch.nn.DataParallel adds: save the state_dict of model.module"
        case .compiled: "torch.compile adds: save the state_dict of the model that was compiled"
        case .compiledInParallel:
            "torch.nn.DataParallel and torch.compile add: save the state_dict of model.module._orig_mod"
        }
    }
}
