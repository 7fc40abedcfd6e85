import Foundation
import Kernels
import Testing

@testable import Training

/// State files whose checksums are right and whose numbers no run writes.
@Suite("Impossible state files")
struct CheckpointRecordTests {
    private static let good = CheckpointRecord(
        iteration: 1, type: "F32", result: CheckpointFixture<Float>.result)

    private func refusal(_ change: (inout CheckpointRecord) -> Void) throws -> String? {
        var record = Self.good
        change(&record)
        do {
            _ = try CheckpointRecord(json: record.json(), of: "c")
            return nil
        } catch CheckpointError.damaged("c", let reason) {
            return reason
        }
    }

    @Test func whatARunWritesIsRead() throws {
        #expect(try refusal { _ in } == nil)
    }

    @Test(arguments: [Int.max, .min, -1, 64_001])
    func iterations(iteration: Int) throws {
        let outside = try #require(try refusal { $0.iteration = iteration })
        #expect(outside == "in its state file \(iteration) iterations are done of 64000")
        #expect(try refusal { $0.result.curve[0].iteration = iteration } != nil)
        #expect(try refusal { $0.result.evaluations[0].iteration = iteration } != nil)
        #expect(try refusal { $0.result.propagation[0].iteration = iteration } != nil)
        #expect(try refusal { $0.result.ending = .interrupted(iteration: iteration) } != nil)
        #expect(try refusal { $0.result.ending = .notFinite(iteration: iteration, .head) } != nil)
    }

    @Test func otherNumbers() throws {
        let changes: [(inout CheckpointRecord) -> Void] = [
            { $0.result.recipe.iterations = .max }, { $0.result.recipe.batch = 0 },
            { $0.result.recipe.optimization.schedule.base = .nan },
            { $0.result.curve.append(TrainingPoint(iteration: 0, learningRate: 1, loss: 1, error: 1)) },
            { $0.result.propagation.append(PropagationSnapshot(iteration: 1, rows: [])) },
            { $0.result.parameters = -1 }, { $0.result.seconds = .infinity }, { $0.result.seconds = -1 },
            { $0.result.ending = .notFinite(iteration: 1, .unit(.min)) },
        ]
        for (index, change) in changes.enumerated() { #expect(try refusal(change) != nil, "\(index)") }
    }

    @Test func countsOfAnEvaluation() throws {
        let json = String(decoding: try Self.good.json(), as: UTF8.self)
        for key in ["count", "wrong", "outsideTopFive"] {
            for value in [Int.min, -1, key == "count" ? -2 : 1] {
                let bad = json.replacing("\"\(key)\" : 0", with: "\"\(key)\" : \(value)")
                #expect(bad != json)
                #expect(throws: CheckpointError.self, "\(key) \(value)") {
                    try CheckpointRecord(json: Array(bad.utf8), of: "c")
                }
            }
        }
    }
}
