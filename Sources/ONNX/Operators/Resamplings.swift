import Operators

extension OperatorCatalogue {
    static let resamplings: [String: Translation] = [
        "Resize": Translation { try $0.resize() },
        "Upsample": Translation { try $0.upsample() },
    ]
}

extension NodeReading {
    /// The modes of interpolation by the names of ONNX.
    private enum Mode: String {
        case nearest, linear, cubic
    }

    /// Opset 9, and `Resize` of opset 10: the first elements are the same, and the nearest is the one before.
    fileprivate mutating func upsample() throws -> Operand {
        guard let scales = try givenReals(1, "scales") ?? givenFloats("scales") else {
            throw malformed("has no scales")
        }
        let mode: Interpolation.Mode =
            switch try choice("mode", default: Mode.nearest) {
            case .nearest: .nearest(.floor)
            case .linear: .linear
            case .cubic: throw unsupported("mode", "cubic")
            }
        return try apply(Resize(to: .scales(scales), mode: mode, coordinates: .asymmetric), to: operand(0))
    }

    fileprivate mutating func resize() throws -> Operand {
        guard version >= 11 else { return try upsample() }
        try requirePlainResize()
        let resize = Resize(
            to: try resizeTarget(), axes: try givenInts("axes"), mode: try interpolation(),
            coordinates: try choice("coordinate_transformation_mode", default: .halfPixel))
        return try apply(resize, to: operand(0))
    }

    private func resizeTarget() throws -> Resize.Target {
        if let sizes = try givenWholes(3, "sizes"), !sizes.isEmpty { return .extents(sizes) }
        if let scales = try givenReals(2, "scales"), !scales.isEmpty { return .scales(scales) }
        throw malformed("has neither sizes nor scales")
    }

    private func interpolation() throws -> Interpolation.Mode {
        switch try choice("mode", default: Mode.nearest) {
        case .nearest: .nearest(try choice("nearest_mode", default: .roundPreferFloor))
        case .linear: .linear
        case .cubic: .cubic(coefficient: try float("cubic_coeff_a", default: -0.75))
        }
    }

    private func requirePlainResize() throws {
        try require("antialias", isOneOf: [0], default: 0)
        if try choice("mode", default: Mode.nearest) != .nearest {
            try require("exclude_outside", isOneOf: [0], default: 0)
        }
        let policy = try string("keep_aspect_ratio_policy", default: "stretch")
        guard policy == "stretch" else { throw unsupported("keep_aspect_ratio_policy", policy) }
    }
}
