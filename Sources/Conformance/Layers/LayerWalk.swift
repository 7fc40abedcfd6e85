import Kernels
import ResidualNetworks
import Tensors

/// Takes a map apart into layers, in the order of computation.
struct LayerWalk {
    let part: LayerRecord.Part
    let unit: Int?
    private(set) var layers: [LayerRecord] = []

    /// The layers of a map for an input of batch size 1.
    static func layers(
        of map: any DifferentiableMap<Double>, input: Shape, part: LayerRecord.Part, unit: Int? = nil
    ) -> [LayerRecord] {
        var walk = LayerWalk(part: part, unit: unit)
        walk.visit(map, input, isShared: false)
        return walk.layers
    }

    private init(part: LayerRecord.Part, unit: Int?) {
        self.part = part
        self.unit = unit
    }

    /// Names what has no name of its own: `stem`, `units.3.shortcut`.
    private var place: String { (unit.map { "units.\($0)." } ?? "") + part.rawValue }

    private mutating func visit(
        _ map: any DifferentiableMap<Double>, _ input: Shape, isShared: Bool
    ) {
        switch map {
        case let map as Sequential<Double>:
            var shape = input
            for part in map.maps {
                visit(part, shape, isShared: isShared)
                shape = part.outputShape(for: shape)
            }
        case let map as MapShortcut<Double>: visit(map.map, input, isShared: isShared)
        case let map as SharingParameters<Double>: visit(map.inner, input, isShared: true)
        case let map as Product<Double>:
            visit(map.first, input, isShared: isShared)
            visit(map.second, input, isShared: isShared)
        case let map as ScaledMap<Double>:
            if !(map.inner is IdentityMap<Double>) { visit(map.inner, input, isShared: isShared) }
            append("scale", .scaling, ScaledMap(map.factor, IdentityMap()), map.outputShape(for: input))
        default: visit(layer: map, input, isShared: isShared)
        }
    }

    private mutating func visit(
        layer map: any DifferentiableMap<Double>, _ input: Shape, isShared: Bool
    ) {
        switch map {
        case let map as Convolution<Double>:
            append(
                map.name, isFullName: true, input.isVector ? .linear : .convolution, map, input,
                kernel: map.filter.shape.height, stride: map.stride, isShared: isShared)
        case let map as BatchNormalization<Double>:
            append(map.name, isFullName: true, .normalization, map, input, isShared: isShared)
            if map.activation == .rectifier { append("relu", .rectifier, Rectifier(), input) }
        case let map as Subsampling<Double>:
            append("subsample", .subsampling, map, input, stride: map.stride)
        case is Rectifier<Double>: append("relu", .rectifier, map, input)
        case is IdentityMap<Double>: append("identity", .identity, map, input)
        case is ZeroMap<Double>: append("zero", .zero, map, input)
        case is Sigmoid<Double>: append("sigmoid", .sigmoid, map, input)
        case is Dropout<Double>: append("dropout", .dropout, map, input)
        case is Flattening<Double>: append("flatten", .flattening, map, input)
        case is GlobalAveragePooling<Double>: append("pool", .pooling, map, input)
        case let map as MaxPooling<Double>:
            append("maxpool", .maxPooling, map, input, kernel: map.window.kernel, stride: map.window.stride)
        default:
            append("\(type(of: map))", .other, map, input, isShared: isShared)
        }
    }

    private mutating func append(
        _ name: String, isFullName: Bool = false, _ kind: LayerRecord.Kind,
        _ map: any DifferentiableMap<Double>, _ input: Shape, kernel: Int? = nil, stride: Int = 1,
        isShared: Bool = false
    ) {
        let output = map.outputShape(for: input)
        layers.append(
            LayerRecord(
                name: isFullName ? name : "\(place).\(name)", unit: unit, part: part, kind: kind,
                kernel: kernel,
                stride: stride, inputChannels: input.channels, outputChannels: output.channels,
                height: output.height, width: output.width,
                parameters: isShared ? 0 : map.parameters.reduce(0) { $0 + $1.count }, isShared: isShared,
                multiplyAdds: map.multiplyAdds(for: input)))
    }
}
