import Kernels
import Operators
import Tensors
import Testing

/// The parts of an axis, by each of the three ways in which files state them.
struct SplitTests {
    @Test(
        "Parts are neighbours and together all",
        arguments: [
            (Split(.extents([2, 0, 5]), axis: 1), [2, 0, 5]), (Split(.count(3), axis: -2), [3, 3, 1]),
            (Split(.count(1), axis: 1), [7]), (Split(.count(5), axis: 1), [2, 2, 2, 1, 0]),
            (Split(.extent(3), axis: 1), [3, 3, 1]), (Split(.extent(.max), axis: 1), [7]),
        ] as [(Split, [Int])])
    func parts(split: Split, extents: [Int]) throws {
        let x = Tensor<Double>((0..<42).map(Double.init), shape: Shape(axes: [2, 7, 3]))
        let parts = try split.slices(of: x.shape).map { try $0.value(of: [Value(x)]).value }
        #expect(parts.map { $0.shape[1] } == extents)
        #expect(try Concat(axis: 1).value(of: parts).value.tensor.elements == x.elements)
    }

    @Test(
        "What are no parts of the axis is refused",
        arguments: [
            (
                Split(.extents([2, 6]), axis: 1),
                "Split with split = [2, 6] is not supported: the parts are more than all of an axis of 7 in an operand of shape (2, 7, 3)."
            ),
            (Split(.extents([2]), axis: 1), "the parts are less than all"),
            (Split(.extents([8, -1]), axis: 1), "the parts are more than all"),
            (Split(.extents([.max, .max]), axis: 1), "the parts are more than all"),
            (Split(.count(0), axis: 1), "that many parts cannot be made"),
            (Split(.count(.max), axis: 1), "that many parts cannot be made"),
            (Split(.extent(0), axis: 1), "a part has an extent"),
            (Split(.count(1), axis: 3), "has axes from -3 to 2"),
        ] as [(Split, String)])
    func refusals(split: Split, sentence: String) {
        let error = #expect(throws: OperatorError.self) {
            try split.slices(of: Shape(axes: [2, 7, 3]))
        }
        #expect(error.map { "\($0)" }?.contains(sentence) == true, "\(String(describing: error))")
    }
}
