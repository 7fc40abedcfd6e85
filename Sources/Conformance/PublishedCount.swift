import ResidualNetworks
import Tensors

/// The parameters of a depth that the paper reports, under each convention that offers it.
public struct PublishedCount: Sendable, Equatable {
    public let depth: Int
    public let block: String
    public let unit: String
    /// In the order of the conventions; `nil` where one does not offer it.
    public let counts: [Int?]

    /// Those of Tables 1 to 4 on CIFAR-10, and of Table 5 on ImageNet with the smaller network that everyone knows.
    private static let reported: [(architecture: any Architecture, depths: [Int])] = [
        (CIFARArchitecture(), [110, 164, 1001, 1202]), (ImageNetArchitecture(), [50, 101, 152, 200]),
    ]

    /// The depths of an architecture in both of the paper's units; those of CIFAR-10 for one that is not in it.
    static func all(of own: any Architecture, under conventions: [Convention]) throws -> [PublishedCount] {
        let (architecture, depths) = reported.first { $0.architecture.name == own.name } ?? reported[0]
        return try depths.flatMap { depth in
            let block = try architecture.defaultBlock(depth: depth)
            return try [UnitLayout.original, .fullPreactivation].map { layout in
                let design = NetworkDesign(
                    architecture: architecture, block: block,
                    unitsPerStage: try architecture.unitsPerStage(depth: depth, block: block),
                    layout: layout, baseWidth: architecture.baseWidth, classes: architecture.classes,
                    input: Shape(1, 3, architecture.imageSide, architecture.imageSide))
                return PublishedCount(
                    depth: depth, block: block.name, unit: layout.name,
                    counts: try conventions.map { try $0.parameterCount(of: design) })
            }
        }
    }
}

extension Convention {
    /// Trainable parameters of its counterpart of a design; `nil` where there is none.
    func parameterCount(of design: NetworkDesign) throws -> Int? {
        try counterpart(of: design).map { try ParameterCount(of: $0).elements }
    }
}
