import Analysis
import Graphs
import Kernels
import Testing

/// Networks of another framework, from their files to the rows of a report.
struct ModelFixtureTests {
    @Test("Units have the labels and kinds of the architecture", arguments: ModelFixture.names)
    func units(name: String) throws {
        let fixture = try ModelFixture(named: name)
        let table = try UnitTable(of: fixture.read(in: Double.self).0.graph)
        let model = try ResidualModel(table)
        let found = model.units.map { ModelFixture.Unit(label: $0.label, kind: "\($0.kind)") }
        #expect(found == fixture.answers.units)
        #expect(table.units.count == found.count && table.stacks.count == 1)
    }

    @Test("In double precision every norm is that of autograd to 1e-9", arguments: ModelFixture.names)
    func double(name: String) throws {
        let fixture = try ModelFixture(named: name)
        let result = try fixture.measured(in: Double.self)
        #expect(result.allChecksHold)
        #expect(try fixture.distance(of: result) < 1e-9)
    }

    /// 100 operations on the way each round to 2⁻²⁴, errors of a few of them add up, and normalisation by the few values
    /// of such small batches makes them several times as large: 1e-5, and ten times that for cosines of angles near 90°.
    @Test("In single precision what rounding leaves", arguments: ModelFixture.names)
    func single(name: String) throws {
        let fixture = try ModelFixture(named: name)
        let result = try fixture.measured(in: Float.self)
        #expect(result.allChecksHold)
        let distance = try fixture.distance(of: result)
        #expect(distance < 1e-4)
        // It is single precision that was measured.
        #expect(distance > 1e-9)
    }
}

extension ModelFixture {
    /// The largest difference from the answers: of norms relative, of cosines as it is; infinite where one of two is
    /// missing.
    fileprivate func distance(of result: AnalysisResult) throws -> Double {
        try #require(result.units.count == answers.rows.count)
        var distances = [Self.relative(result.loss, answers.loss)]
        for (found, row) in zip(result.units, answers.rows) {
            distances += [
                Self.relative(found.forwardRMS, row.forwardRms),
                Self.ofLogarithms(found.gradientLog10, row.gradientLog10),
                Self.ofLogarithms(found.directLog10, row.directLog10),
                Self.ofLogarithms(found.throughWeightsLog10, row.throughWeightsLog10),
                Self.ofLogarithms(found.stageDirectLog10, row.stageDirectLog10),
                Self.ofLogarithms(found.stageThroughWeightsLog10, row.stageThroughWeightsLog10),
                Self.absolute(found.cosine, row.cosine),
            ]
            // Where f is the identity, y_l is the next row.
            guard let sum = found.sum, let merge = row.merge else { continue }
            distances += [
                Self.relative(sum.forwardRMS, merge.forwardRms),
                Self.ofLogarithms(sum.gradient.value, merge.gradientLog10),
                Self.ofLogarithms(sum.direct.value, merge.directLog10),
                Self.ofLogarithms(sum.throughWeights.value, merge.throughWeightsLog10),
                Self.absolute(sum.cosine, merge.cosine),
            ]
        }
        return distances.contains(where: \.isNaN) ? .infinity : distances.max() ?? .infinity
    }

    private static func relative(_ found: Double?, _ wanted: Double) -> Double {
        found.map { abs($0 - wanted) / abs(wanted) } ?? .infinity
    }

    private static func absolute(_ found: Double?, _ wanted: Double?) -> Double {
        guard let found, let wanted else { return found == nil && wanted == nil ? 0 : .infinity }
        return abs(found - wanted)
    }

    private static func ofLogarithms(_ found: Double?, _ wanted: Double?) -> Double {
        absolute(found, wanted) * 2.302_585_093
    }
}
