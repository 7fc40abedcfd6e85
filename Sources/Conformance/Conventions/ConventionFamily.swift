import ResidualNetworks

/// The networks of one architecture that a convention has.
struct ConventionFamily: Sendable {
    let architecture: any Architecture
    /// With the map that each matches size and width by.
    let blocks: [BlockDesign]

    static func cifar(_ blocks: [BlockDesign]) -> ConventionFamily {
        ConventionFamily(architecture: CIFARArchitecture(), blocks: blocks)
    }

    static let imageNet = ConventionFamily(
        architecture: ImageNetArchitecture(), blocks: ImageNetArchitecture().blocks)

    func block(like block: BlockDesign) -> BlockDesign? { blocks.first { $0.name == block.name } }
}
