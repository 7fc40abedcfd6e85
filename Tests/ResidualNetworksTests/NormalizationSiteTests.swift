import Kernels
import ResidualNetworks
import Tensors
import Testing

/// How many values a channel's statistics are taken over, at every batch normalisation of a design.
@Suite struct NormalizationSiteTests {
    private static func dense(units: Int, layout: UnitLayout = .fullPreactivation) -> NetworkDesign {
        NetworkDesign(
            architecture: DenseArchitecture(), block: .basic, unitsPerStage: units, layout: layout,
            baseWidth: 8)
    }

    /// Three stages of images of 4 × 4, the last of 1 × 1.
    private static func narrow(units: Int) -> NetworkDesign {
        NetworkDesign(
            block: .basic, unitsPerStage: units, layout: .original, baseWidth: 4, input: Shape(1, 3, 4, 4))
    }

    @Test("Sites have the names and the shapes that a pass meets")
    func sites() throws {
        for design in [
            Self.dense(units: 2), Self.narrow(units: 2),
            NetworkDesign(
                block: .bottleneck, unitsPerStage: 2, layout: .normalizationAfterAddition, baseWidth: 4),
        ] {
            let network = try Network<Double>(design, parameters: HeInitialization(seed: 0))
            let shape = design.input.with(batch: 3)
            let sites = try network.model(batch: 3).normalizationSites
            let input = Tensor<Double>((0..<shape.count).map { Double($0 % 13) }, shape: shape)
            let met = try network.calibratedStatistics(on: input, masks: SeededMasks(seed: 0))
            #expect(Set(sites.map(\.name)) == Set(met.keys) && sites.count == met.count)
            for site in sites {
                #expect(met[site.name]?.elements == site.valuesPerChannel, "\(site.name)")
                #expect(met[site.name]?.mean.count == site.shape.channels, "\(site.name)")
            }
        }
    }

    @Test("The scarcest is found without building the network, under its own name")
    func scarcest() throws {
        let dense = try #require(try Self.dense(units: 2).scarcestNormalization(batch: 1))
        #expect(dense.name == "stem.bn" && dense.valuesPerChannel == 1)
        // x_l of the last stage is 1 × 1; its first unit is the 2·40th.
        for units in [2, 40] {
            let narrow = try #require(try Self.narrow(units: units).scarcestNormalization(batch: 1))
            #expect(narrow.name == "units.\(2 * units).branch.bn1" && narrow.valuesPerChannel == 1)
            let sites = try Self.narrow(units: units).model(batch: 1, mode: .inference).normalizationSites
            #expect(sites.min { $0.valuesPerChannel < $1.valuesPerChannel } == narrow)
        }
        let deep = try #require(try Self.dense(units: 400_000).scarcestNormalization(batch: 7))
        #expect(deep.valuesPerChannel == 7)
        var wide = Self.dense(units: 2)
        wide.baseWidth = 1 << 30
        #expect(try wide.scarcestNormalization(batch: 7)?.shape == Shape(7, 1 << 30))
    }

    @Test("One value a channel is refused, two are not")
    func refused() throws {
        #expect(throws: NetworkError.singleValueStatistics(name: "stem.bn")) {
            try Self.dense(units: 1).scarcestNormalization(batch: 1)?.requireSeveralValues()
        }
        try Self.dense(units: 1).scarcestNormalization(batch: 2)?.requireSeveralValues()
        #expect(
            "\(NetworkError.singleValueStatistics(name: "stem.bn"))".contains(
                "stem.bn would take its statistics over 1 value"))
    }
}
