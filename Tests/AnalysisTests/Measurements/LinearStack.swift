import Analysis
import Graphs
import Kernels
import ProofSupport
import ResidualNetworks
import Tensors

/// A stack of given units on vectors, between the input itself and a linear classifier: oracles whose answer is
/// known in closed form.
struct LinearStack {
    let features: Int
    var batch = 6
    var classes = 3
    let units: [OwnUnit]
    /// For all weights of units.
    private var matrix: [Double] = []

    /// Units h(x) = λx, F(x) = a·x.
    init(features: Int, lambdas: [Double], branches: [Double]) {
        self.features = features
        units = zip(lambdas, branches).map { OwnUnit.scaling($0, branch: $1) }
    }

    /// Units h(x) = x (or 0) and F(x) = W x with the same matrix, given row by row.
    init(matrix: [Double], features: Int, count: Int, isPlain: Bool = false) {
        self.features = features
        self.matrix = matrix
        units = (0..<count).map { index in
            OwnUnit(
                shortcut: { try $1.scale($0, by: isPlain ? 0 : 1) },
                branch: { x, network in
                    try network.convolution(
                        x, name: "units.\(index).branch.conv1", outputs: features, kernel: 1)
                }, factor: .exact(isPlain ? 0 : 1))
        }
    }

    init(features: Int, units: [OwnUnit]) {
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
        let network = try Network<Double>.own(
            units, inputs: features, classes: classes, parameters: GivenMatrix(matrix: matrix))
        let images: Tensor<Double> = randomTensor(shape, seed: 6, name: "images")
        let first = Array(images.elements.prefix(features))
        let elements = isRepeated ? Array(repeating: first, count: batch).flatMap(\.self) : images.elements
        return try SignalAnalysis(
            network,
            on: LabelledBatch(elements, shape: shape, labels: labels ?? (0..<batch).map { $0 % classes }),
            options: AnalysisOptions(probes: .none, measurements: measurements))
    }
}

struct MissingMeasurement: Error {}

/// One matrix for every weight of a unit; the classifier is drawn.
private struct GivenMatrix: ParameterSource {
    let matrix: [Double]

    func values<Scalar: KernelScalar>(
        name: String, dimensions: [Int], role: ParameterRole
    ) -> Tensor<Scalar> {
        guard role == .weight else {
            return HeInitialization(seed: 5).values(name: name, dimensions: dimensions, role: role)
        }
        return Tensor(matrix.map { Scalar($0) }, shape: Shape(matrix.count, 1))
    }
}
