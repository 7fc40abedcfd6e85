import Kernels
import Tensors
import Testing

@testable import Training

@Suite("Evaluation")
struct EvaluationTests {
    /// Six classes, counted by hand.
    @Test func errorsAreCounted() {
        let logits: [Double] = [
            9, 1, 2, 3, 4, 5,  // label 0: right
            0, 1, 2, 3, 4, 5,  // label 0: last of six
            5, 1, 2, 3, 4, 5,  // label 5: as likely as class 0, which comes first
            .nan, 1, 2, 3, 4, 5,  // label 0: no number
        ]
        var evaluation = Evaluation()
        evaluation.add(Tensor(logits, shape: Shape(4, 6)), labels: [0, 0, 5, 0], loss: 2)
        evaluation.add(Tensor([1, 0, 0, 0, 0, 0], shape: Shape(1, 6)), labels: [0], loss: 12)
        #expect(evaluation.count == 5)
        #expect(evaluation.error == 3.0 / 5)
        #expect(evaluation.topFiveError == 2.0 / 5)
        #expect(evaluation.loss == (4 * 2 + 12) / 5)
    }
}
