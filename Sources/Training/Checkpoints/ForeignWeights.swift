import Files

/// Files of weights in the formats of other programs, told by their first bytes.
public enum ForeignWeights: Sendable, Equatable {
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

    /// What a file of this format is, and the way out.
    func sentence(of path: String) -> String {
        let way = "and weights are read from safetensors files"
        return switch self {
        case .pyTorch:
            "\(path) is a file of PyTorch's torch.save, \(way): load it there, and save it with "
                + "safetensors.torch.save_file."
        case .numPy:
            "\(path) is a file of NumPy's, \(way): save its arrays with safetensors.numpy.save_file."
        case .hdf5: "\(path) is an HDF5 file, such as Keras writes, \(way)."
        case .onnx:
            "\(path) is an ONNX file, which holds a network with its weights: propagate \(path) measures it."
        case .gguf: "\(path) is a GGUF file, \(way)."
        }
    }

    /// Two lines of Python that convert a file; none for formats that they cannot be had for.
    func conversion(of path: String) -> [String] {
        guard self == .pyTorch else { return [] }
        let (file, target) = (path.pythonLiteral, "\(Path.withoutExtension(path)).safetensors".pythonLiteral)
        return [
            "import torch, safetensors.torch; d = torch.load(\(file), map_location=\"cpu\", weights_only=True)",
            // What is saved together with the weights is left out, and tensors that share memory get their own.
            "safetensors.torch.save_file({k: v.clone().contiguous() for k, v in "
                + "d.get(\"state_dict\", d.get(\"model\", d)).items() if torch.is_tensor(v)}, \(target))",
        ]
    }
}

extension String {
    /// As a string of Python source.
    fileprivate var pythonLiteral: String {
        let escaped = unicodeScalars.map { scalar in
            switch scalar {
            case "\"", "\\": "\\\(scalar)"
            case "\u{0}"..<" ", "\u{7F}"..<"\u{A0}":
                "\\x" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: String(scalar)
            }
        }
        return "\"\(escaped.joined())\""
    }
}
