import Kernels
import ProofSupport
import ResidualNetworks
import Tensors
import Testing

/// Every map: finite differences, ⟨Jv, u⟩ = ⟨v, Jᵀu⟩, linearity of the derivative (and of the map, where it says
/// it is linear), announced shapes.
@Suite("Derivatives of every map")
struct MapDerivativeTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let shape: Shape
        var mode: ForwardPass.Mode = .training
        let map: @Sendable () throws -> any DifferentiableMap<Double>
        var testDescription: String { name }
    }

    /// The difference is of fourth order with a step of 1e−4: 1e−16 truncated, 1e−16/1e−4 rounded, times the
    /// map's gain and, for batch normalisation, its cancellation of two directions.
    static let differenceTolerance = 1e-9
    /// Sums of at most a few thousand products, each to 1.1e−16.
    static let roundingTolerance = 1e-12

    static let source = VariedParameters(seed: 7, decades: 0.3)

    static func normalization(
        _ channels: Int, _ activation: Normalization.Activation = .none
    ) throws -> BatchNormalization<Double> {
        try BatchNormalization(name: "bn", channels: channels, activation: activation, from: source)
    }

    static func convolution(
        _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, bias: Bool = false
    ) throws -> Convolution<Double> {
        try Convolution(
            name: "conv", inputs: inputs, outputs: outputs, kernel: kernel, stride: stride,
            biasRole: bias ? .gateBias(0.3) : nil, from: source)
    }

    static let stemWindow = PoolingWindow(kernel: 3, stride: 2, padding: 1)

    static let running = ForwardPass.Mode.inference([
        "bn": ChannelStatistics(mean: [0.1, -0.4, 0.2], variance: [0.5, 2, 1e-7])
    ])

    static let elementwise: [Case] = [
        Case(name: "identity", shape: Shape(2, 3, 5, 4)) { IdentityMap() },
        Case(name: "ReLU", shape: Shape(2, 3, 5, 4)) { Rectifier() },
        Case(name: "ReLU, batch 1", shape: Shape(1, 7)) { Rectifier() },
        Case(name: "sigmoid", shape: Shape(2, 3, 3, 3)) { Sigmoid() },
        Case(name: "scaled identity", shape: Shape(2, 3, 3, 1)) { ScaledMap(-0.7, IdentityMap()) },
        Case(name: "scaled sigmoid", shape: Shape(2, 3, 3, 1)) { ScaledMap(-0.7, Sigmoid()) },
        Case(name: "zero, same shape", shape: Shape(2, 3, 4, 4)) { ZeroMap(output: Shape(1, 3, 4, 4)) },
        Case(name: "zero, other shape", shape: Shape(2, 3, 4, 4)) { ZeroMap(output: Shape(1, 6, 2, 2)) },
        Case(name: "product", shape: Shape(2, 3, 3, 2)) { Product(Sigmoid(), ScaledMap(2, IdentityMap())) },
        Case(name: "shared", shape: Shape(2, 3, 3, 2)) { SharingParameters(Sigmoid()) },
        Case(name: "nothing in sequence", shape: Shape(2, 3)) { Sequential([]) },
        Case(name: "dropout", shape: Shape(2, 3, 5, 5)) { Dropout(name: "m", dropProbability: 0.4) },
        Case(name: "dropout, inference", shape: Shape(2, 3, 5, 5), mode: .inference([:])) {
            Dropout(name: "m", dropProbability: 0.4)
        },
        Case(name: "gate", shape: Shape(3, 4, 3, 3)) {
            Product(Sequential([try convolution(4, 4, kernel: 1, bias: true), Sigmoid()]), IdentityMap())
        },
        Case(name: "exclusive gate with stride", shape: Shape(2, 3, 5, 5)) {
            Product(
                Sequential([
                    try convolution(3, 6, kernel: 1, stride: 2, bias: true), ScaledMap(-1, IdentityMap()),
                    Sigmoid(),
                ]), Subsampling(stride: 2, channels: 6))
        },
    ]

    static let spatial: [Case] = [
        Case(name: "3x3 convolution", shape: Shape(2, 3, 5, 7)) { try convolution(3, 4, kernel: 3) },
        Case(name: "3x3, stride 2, odd", shape: Shape(1, 2, 7, 5)) {
            try convolution(2, 5, kernel: 3, stride: 2)
        },
        Case(name: "3x3, stride 2, even", shape: Shape(3, 2, 6, 4)) {
            try convolution(2, 3, kernel: 3, stride: 2)
        },
        Case(name: "1x1, stride 2, odd", shape: Shape(1, 4, 5, 3)) {
            try convolution(4, 2, kernel: 1, stride: 2)
        },
        Case(name: "1x1 with bias", shape: Shape(2, 4, 3, 3)) {
            try convolution(4, 5, kernel: 1, bias: true)
        },
        Case(name: "5x5 on 2x3", shape: Shape(1, 2, 2, 3)) { try convolution(2, 2, kernel: 5) },
        Case(name: "3x3 on a line", shape: Shape(2, 2, 1, 6)) { try convolution(2, 3, kernel: 3) },
        Case(name: "fully connected", shape: Shape(3, 7)) { try convolution(7, 4, kernel: 1, bias: true) },
        Case(name: "fully connected, batch 1", shape: Shape(1, 5)) { try convolution(5, 5, kernel: 1) },
        Case(name: "3x3 on one pixel", shape: Shape(2, 3, 1, 1)) { try convolution(3, 2, kernel: 3) },
        Case(name: "option A, odd", shape: Shape(2, 3, 5, 7)) { Subsampling(stride: 2, channels: 6) },
        Case(name: "option A, stride 1", shape: Shape(1, 3, 2, 2)) { Subsampling(stride: 1, channels: 4) },
        Case(name: "global average", shape: Shape(3, 4, 5, 2)) { GlobalAveragePooling() },
        Case(name: "global average of a pixel", shape: Shape(1, 4)) { GlobalAveragePooling() },
        Case(name: "7x7, stride 2, even", shape: Shape(2, 3, 12, 10)) {
            try convolution(3, 4, kernel: 7, stride: 2)
        },
        Case(name: "7x7, stride 2, odd", shape: Shape(1, 3, 9, 11)) {
            try convolution(3, 4, kernel: 7, stride: 2)
        },
        Case(name: "max pooling, even", shape: Shape(2, 3, 6, 8)) { MaxPooling(stemWindow) },
        Case(name: "max pooling, odd", shape: Shape(1, 3, 7, 5)) { MaxPooling(stemWindow) },
        Case(name: "max pooling of a pixel", shape: Shape(2, 3, 1, 1)) { MaxPooling(stemWindow) },
        Case(name: "ImageNet stem", shape: Shape(2, 3, 12, 14)) {
            Sequential([
                try convolution(3, 4, kernel: 7, stride: 2),
                try BatchNormalization(name: "bn2", channels: 4, activation: .rectifier, from: source),
                MaxPooling(stemWindow),
            ])
        },
        Case(name: "flattening", shape: Shape(2, 3, 2, 4)) { Flattening() },
    ]

    static let normalized: [Case] = [
        Case(name: "BN", shape: Shape(4, 3, 3, 2)) { try normalization(3) },
        Case(name: "BN of vectors", shape: Shape(7, 3)) { try normalization(3) },
        Case(name: "BN, batch 1", shape: Shape(1, 3, 5, 3)) { try normalization(3) },
        Case(name: "BN ReLU", shape: Shape(4, 3, 3, 2)) { try normalization(3, .rectifier) },
        Case(name: "BN, inference", shape: Shape(2, 3, 3, 3), mode: running) { try normalization(3) },
        Case(name: "BN ReLU, inference", shape: Shape(2, 3, 3, 3), mode: running) {
            try normalization(3, .rectifier)
        },
        Case(name: "BN ReLU conv BN ReLU conv", shape: Shape(3, 3, 5, 5)) {
            Sequential([
                try normalization(3, .rectifier), try convolution(3, 4, kernel: 3, stride: 2),
                try BatchNormalization(name: "bn2", channels: 4, activation: .rectifier, from: source),
                try convolution(4, 2, kernel: 1),
            ])
        },
    ]

    @Test(arguments: elementwise + spatial + normalized)
    func bothDirectionsAgreeWithTheMap(_ tested: Case) throws {
        let map = try tested.map()
        // Away from 0 by more than the difference steps, so that no step crosses a kink of ReLU.
        let x: Tensor<Double> = randomTensor(tested.shape, seed: 21, name: tested.name)
            .map { $0 + ($0 < 0 ? -0.01 : 0.01) }
        let check = try DerivativeCheck(map, at: x, seed: 22) {
            ForwardPass(mode: tested.mode, masks: SeededMasks(seed: 3))
        }
        #expect(check.finiteDifferenceError < Self.differenceTolerance, "\(tested.name)")
        #expect(check.adjointError < Self.roundingTolerance, "\(tested.name)")
        #expect(check.linearityError < Self.roundingTolerance, "\(tested.name)")
        #expect(check.mapLinearityError < Self.roundingTolerance, "\(tested.name)")
        #expect(check.hasAnnouncedShape, "\(tested.name)")
    }

    /// Which maps call themselves linear decides where Eqn. 4 is checked.
    @Test func linearMapsSaySo() throws {
        let linear = try Self.elementwise.filter { try $0.map().isLinear }.map(\.name)
        #expect(
            linear == [
                "identity", "scaled identity", "zero, same shape", "zero, other shape", "nothing in sequence",
                "dropout", "dropout, inference",
            ])
        #expect(try Self.normalized.allSatisfy { try !$0.map().isLinear })
        #expect(
            try Self.spatial.filter { try !$0.map().isLinear }.map(\.name) == [
                "1x1 with bias", "fully connected", "max pooling, even", "max pooling, odd",
                "max pooling of a pixel", "ImageNet stem",
            ])
    }

    /// A derivative that is a number times one says so in both directions.
    @Test func scalarMultiplesAreWhatTheyDo() throws {
        for tested in Self.elementwise + Self.spatial {
            let x: Tensor<Double> = randomTensor(tested.shape, seed: 1, name: tested.name)
            let pass = ForwardPass(mode: tested.mode, masks: SeededMasks(seed: 3))
            let derivative = try tested.map().linearize(x, in: pass).derivative
            guard let multiple = derivative.scalarMultiple else { continue }
            #expect(try derivative.vjp(x).elements == x.elements.map { multiple * $0 }, "\(tested.name)")
            #expect(try derivative.jvp(x).elements == x.elements.map { multiple * $0 }, "\(tested.name)")
        }
    }

    /// ReLU′(0) = 0, as theory has it.
    @Test func rectifierIsFlatAtZero() throws {
        let x = Tensor<Double>([-1, -0.0, 0, 2], shape: Shape(1, 4))
        let ones = Tensor<Double>([1, 1, 1, 1], shape: Shape(1, 4))
        let derivative = Rectifier<Double>().linearize(x, in: ForwardPass(masks: SeededMasks(seed: 0)))
            .derivative
        #expect(try derivative.vjp(ones).elements == [0, 0, 0, 1])
        #expect(try derivative.jvp(ones).elements == [0, 0, 0, 1])
    }

    @Test func wrongChannelsAndMissingStatisticsAreErrors() throws {
        let pass = ForwardPass(mode: .inference([:]), masks: SeededMasks(seed: 0))
        let x = Tensor<Double>(zeros: Shape(2, 3, 2, 2))
        #expect(throws: NetworkError.missingStatistics(name: "bn")) {
            try Self.normalization(3).linearize(x, in: pass)
        }
        #expect(
            throws: NetworkError.shapeMismatch(place: "conv", expected: Shape(2, 4, 2, 2), found: x.shape)
        ) {
            try Self.convolution(4, 4, kernel: 1).linearize(x, in: pass)
        }
    }
}
