import Analysis
import Kernels
import ProofSupport
import ResidualNetworks
import Tensors

/// A stack of given units on vectors, between an identity stem and a linear classifier: oracles whose answer is
/// known in closed form.
struct LinearStack {
    let features: Int
    var batch = 6
    var classes = 3
    let units: [ResidualUnit<Double>]

    /// Units h(x) = λx, F(x) = a·x.
    init(features: Int, lambdas: [Double], branches: [Double]) {
        self.features = features
        units = zip(lambdas, branches).map { lambda, a in
            ResidualUnit(
                shortcut: MapShortcut(ScaledMap(lambda, IdentityMap()), factor: .exact(lambda)),
                branch: ScaledMap(a, IdentityMap()))
        }
    }

    /// Units h(x) = x (or 0) and F(x) = W x with the same matrix, given row by row.
    init(matrix: [Double], features: Int, count: Int, isPlain: Bool = false) throws {
        self.features = features
        units = try (0..<count).map { index in
            let shortcut: any DifferentiableMap<Double> =
                isPlain ? ScaledMap(0, IdentityMap()) : IdentityMap()
            return ResidualUnit(
                shortcut: MapShortcut(shortcut, factor: .exact(isPlain ? 0 : 1)),
                branch: try Convolution(
                    name: "units.\(index).branch.conv1", inputs: features, outputs: features, kernel: 1,
                    from: GivenMatrix(matrix: matrix)))
        }
    }

    init(features: Int, units: [ResidualUnit<Double>]) {
        self.features = features
        self.units = units
    }

    func run(_ measurements: [MeasurementRequest], labels: [Int]? = nil, isRepeated: Bool = false) throws
        -> MeasurementResults
    {
        let result = try analysis(measurements, labels: labels, isRepeated: isRepeated).run()
        guard let measured = result.measurements else { throw MissingMeasurement() }
        return measured
    }

    /// - Parameter isRepeated: whether all samples are the first one.
    func analysis(
        _ measurements: [MeasurementRequest], labels: [Int]? = nil, isRepeated: Bool = false
    ) throws -> SignalAnalysis<Double> {
        let shape = Shape(batch, features)
        let design = NetworkDesign(
            architecture: DenseArchitecture(), block: .single, unitsPerStage: units.count,
            baseWidth: features, classes: classes, input: shape.with(batch: 1))
        let head = try Convolution<Double>(
            name: "head.fc", inputs: features, outputs: classes, kernel: 1, weightRole: .classifierWeight,
            biasRole: .classifierBias, from: HeInitialization(seed: 5))
        let network = Network(design: design, stem: IdentityMap(), units: units, head: head)
        let images: Tensor<Double> = randomTensor(shape, seed: 6, name: "images")
        let first = Array(images.elements.prefix(features))
        let elements = isRepeated ? Array(repeating: first, count: batch).flatMap(\.self) : images.elements
        return SignalAnalysis(
            network,
            on: LabelledBatch(elements, shape: shape, labels: labels ?? (0..<batch).map { $0 % classes }),
            options: AnalysisOptions(probes: .none, measurements: measurements))
    }
}

struct MissingMeasurement: Error {}

/// One matrix for every weight.
private struct GivenMatrix: ParameterSource {
    let matrix: [Double]

    func values<Scalar: KernelScalar>(
        name: String, dimensions: [Int], role: ParameterRole
    ) -> Tensor<Scalar> {
        Tensor(matrix.map { Scalar($0) }, shape: Shape(matrix.count, 1))
    }
}
