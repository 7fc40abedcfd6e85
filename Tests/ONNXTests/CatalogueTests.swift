import Foundation
import Operators
import Tensors
import Testing

@testable import ONNX

/// What the catalogue makes of every operator, in every version in which it changed, against ONNX's reference
/// implementation.
struct CatalogueTests {
    @Test("Every operator that is read has a case, and every case is of one")
    func completeness() {
        let cases = CatalogueFixture.all
        #expect(Set(cases.map(\.node.operatorName)) == OperatorCatalogue.names)
        #expect(Set(cases.map { "\($0.name) \($0.versions) \($0.domain ?? "")" }).count == cases.count)
    }

    @Test("Every attribute that is read has a case; one of no operator is none")
    func attributes() {
        let cases = Dictionary(grouping: CatalogueFixture.all, by: \.type)
        for (type, attributes) in OperatorCatalogue.attributes {
            let met = Set((cases[type] ?? []).flatMap { ($0.attributes ?? [:]).keys })
            #expect(attributes.subtracting(met) == [], "\(type)")
            #expect(met.subtracting(attributes).isSubset(of: OperatorCatalogue.withoutEffect), "\(type)")
        }
        #expect(!OperatorCatalogue.has("axis", OperatorName("Relu")))
        #expect(OperatorCatalogue.has("axis", OperatorName("Concat")))
    }

    @Test("Outputs are the reference's", arguments: CatalogueFixture.all)
    func agreement(fixture: CatalogueFixture) throws {
        for version in fixture.versions {
            let node = try fixture.evaluated(version: version)
            #expect(node.outputs.count == fixture.outputs.count)
            for (found, expected) in zip(node.outputs, fixture.outputs) {
                #expect((found == nil) == (expected == nil), "opset \(version)")
                guard let found, let expected else { continue }
                #expect(found.value.shape == Shape(axes: expected.shape), "opset \(version)")
                #expect(found.type == expected.elementType, "opset \(version)")
                // Nine digits stand in the file; the reference rounds what it interpolates to single precision.
                let tolerance = fixture.isInSinglePrecision ? 1e-6 : 1e-8
                #expect(distance(found.doubles, expected.doubles) < tolerance, "opset \(version)")
            }
        }
    }

    /// The bias of a convolution is looked at where it is known, and need not be.
    private static let asking = CatalogueFixture.all.filter { $0.constants != nil && $0.type != "Conv" }

    @Test("Numbers that have to be known are asked for by name", arguments: asking)
    func unknownNumbers(fixture: CatalogueFixture) throws {
        for slot in fixture.constants ?? [] where fixture.inputs?[slot]?.values.isEmpty == false {
            let known = Set(fixture.constants ?? []).subtracting([slot])
            let error = #expect(throws: NodeError.self) {
                try fixture.evaluated(version: fixture.versions[0], known: known)
            }
            guard case .notConstant(_, let value, let operation, let node) = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(value == "x\(slot)")
            #expect((operation, node) == (fixture.type, fixture.name))
        }
    }

    /// The largest difference over the larger of 1 and the number's size. Equal infinities, and two NaNs, do not
    /// differ.
    private func distance(_ x: [Double], _ y: [Double]) -> Double {
        guard x.count == y.count else { return .infinity }
        return zip(x, y).reduce(0) { worst, pair in
            let (a, b) = pair
            if a == b || a.isNaN && b.isNaN { return worst }
            let difference = abs(a - b) / max(1, abs(b))
            return difference.isNaN ? .infinity : max(worst, difference)
        }
    }
}

extension CatalogueFixture {
    fileprivate var isInSinglePrecision: Bool {
        type == "Resize" || type == "Celu" || outputs.contains { $0?.elementType == .float32 }
    }
}
