import Testing

@testable import ONNX

/// The reader against the ONNX project's node tests, and against tests of the same kind for older opsets.
struct NodeTests {
    @Test(
        "Nodes compute what ONNX's tests say, in every opset in which they changed",
        .enabled(
            if: NodeTestFolder.path != nil,
            "PROPAGATE_ONNX_NODE_TESTS names no folder of node tests: Scripts/onnx/backend_tests.py makes one"
        ))
    func all() throws {
        let path = try #require(NodeTestFolder.path)
        let folder = try NodeTestFolder(path: path)
        var passed: [String: Set<Int>] = [:]
        var (run, refused) = (0, 0)
        for test in folder.tests {
            let outcomes = EvaluatedModel.Knowledge.allCases.map { test.outcome(in: path, knowing: $0) }
            for (outcome, knowledge) in zip(outcomes, EvaluatedModel.Knowledge.allCases) {
                guard let fault = test.fault(of: outcome) else { continue }
                Issue.record("\(test.folder), \(knowledge) known: \(fault)")
            }
            guard outcomes.allSatisfy(\.isRight) else {
                refused += 1
                continue
            }
            run += 1
            for operation in test.operators { passed[operation, default: []].insert(test.opset) }
        }
        print("node tests: \(run) computed, \(refused) refused as expected")
        #expect(folder.tests.count >= 1_900 && run >= 1_400)
        #expect(folder.changes.count >= 70)
        let read = OperatorCatalogue.names.filter(\.domain.isEmpty).map(\.type)
        #expect(folder.read == Set(read).union(SequenceReading.types))
        for (operation, opsets) in folder.changes {
            for (place, opset) in opsets.enumerated() {
                let next = place + 1 < opsets.count ? opsets[place + 1] : .max
                let isCovered = passed[operation]?.contains { (opset..<next).contains($0) } == true
                #expect(isCovered, "no test of \(operation) as of opset \(opset) comes out right")
            }
        }
    }
}

extension NodeTest {
    enum Outcome {
        case right
        case wrong(String)
        /// With whether the operator's kind alone is the reason.
        case refused(String, forKind: Bool)

        var isRight: Bool { if case .right = self { true } else { false } }
    }

    /// Why an outcome is none that is expected; `nil` where it is.
    func fault(of outcome: Outcome) -> String? {
        switch (expected, outcome) {
        case (.run, .right): nil
        case (.run, .wrong(let words)), (.run, .refused(let words, _)): words
        case (.refuse, .right): "it comes out right, and it should not"
        case (.refuse, .wrong(let words)): hasOtherNumbers ? nil : words
        case (.refuse, .refused(let words, let isForKind)): isOfOtherOperators && !isForKind ? words : nil
        }
    }

    /// What comes of the test's inputs.
    func outcome(in path: String, knowing knowledge: EvaluatedModel.Knowledge) -> Outcome {
        do {
            return try computed(in: "\(path)/\(folder)", knowing: knowledge)
        } catch let error as ModelReadingError {
            switch error {
            case .unknownOperator, .refused: return .refused("\(error)", forKind: true)
            default: return .refused("\(error)", forKind: false)
            }
        } catch let error as ModelFileError {
            return .refused("\(error)", forKind: false)
        } catch {
            return .wrong("an error of another kind: \(error)")
        }
    }

    private func computed(in path: String, knowing knowledge: EvaluatedModel.Knowledge) throws -> Outcome {
        let model = try ModelFile(path: "\(path)/model.onnx")
        // Of an operator that is not read the data may be of kinds that are not either.
        _ = try NeededNodes(model, file: "the test", output: nil)
        for data in try NodeTestData.all(of: path, for: model) {
            let evaluated = try EvaluatedModel(model, data.inputs, knowing: knowledge)
            for (place, (output, file)) in zip(model.graph.outputs, data.outputs).enumerated() {
                if place > 0, hasOneOutput {
                    guard (try? evaluated.value(of: output.name)) == nil else {
                        return .wrong("its output \(output.name) is computed, and it should not")
                    }
                    continue
                }
                let found = try evaluated.value(of: output.name)
                let expected = try FileTensor(path: file)
                let agreement = try NumberAgreement(found, expected)
                let tolerance = tolerance(for: data.inputs.values.map(\.type) + [expected.type])
                guard agreement.distance <= tolerance else {
                    return .wrong("\(output.name): \(agreement), \(agreement.distance) apart")
                }
            }
        }
        return .right
    }

    /// What the rounding of the coarsest type of numbers leaves: the data were computed in it.
    private func tolerance(for types: [ElementType]) -> Double {
        if reason == "digits" { return 5e-4 }
        if types.contains(.bfloat16) { return 0x1p-7 }
        if types.contains(.float16) { return 0x1p-9 }
        return types.contains(.float32) ? 1e-5 : 1e-6
    }
}
