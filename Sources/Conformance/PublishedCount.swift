import ResidualNetworks

/// The parameters of a depth that the paper reports, under each convention that offers it.
public struct PublishedCount: Sendable, Equatable {
    public let depth: Int
    public let block: String
    public let unit: String
    /// In the order of the conventions; `nil` where one does not offer it.
    public let counts: [Int?]

    /// The depths of the paper's Tables 1 to 4 on CIFAR-10, in both of its units.
    static func all(under conventions: [Convention]) throws -> [PublishedCount] {
        let depths: [(depth: Int, block: BlockDesign)] = [
            (110, .basic), (164, .bottleneck), (1001, .bottleneck), (1202, .basic),
        ]
        return try depths.flatMap { depth, block in
            try [UnitLayout.original, .fullPreactivation].map { layout in
                let design = NetworkDesign(
                    block: block,
                    unitsPerStage: try CIFARArchitecture().unitsPerStage(depth: depth, block: block),
                    layout: layout)
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
        try counterpart(of: design).map { try ParameterCount.of($0) }
    }
}

/// Trainable parameters of a design, counted on small networks: past the first of a stage all units are alike.
enum ParameterCount {
    static func of(_ design: NetworkDesign) throws -> Int {
        func outline(_ unitsPerStage: Int) throws -> Int {
            var outline = design
            outline.unitsPerStage = unitsPerStage
            return try Network<Double>(outline, parameters: ShapesAlone()).parameterCount
        }
        guard design.unitsPerStage > 2 else { return try outline(design.unitsPerStage) }
        let (two, three) = try (outline(2), outline(3))
        return two + (design.unitsPerStage - 2) * (three - two)
    }
}
