import Kernels
import Operators
import Tensors

/// Sequences of tensors, as far as they are parts of one: what `chunk` and `split` become in files.
enum SequenceReading {
    /// Whether a node is about sequences.
    static func reads(_ node: FileNode) -> Bool { node.domain.isEmpty && types.contains(node.type) }

    static let types: Set = [
        "SplitToSequence", "SequenceConstruct", "SequenceAt", "SequenceLength", "ConcatFromSequence",
    ]

    /// - Returns: `nil` of nodes that are not about sequences.
    /// - Throws: `ModelReadingError.sequence`.
    static func outputs<Scalar: KernelScalar>(
        of node: FileNode, _ inputs: [ReadValue<Scalar>?], in reader: inout GraphReader<Scalar>, label: String
    ) throws -> [ReadValue<Scalar>?]? {
        guard reads(node) else { return nil }
        let reading = Reading(node: node, inputs: inputs, label: label)
        switch node.type {
        case "SplitToSequence": return [try reading.split()]
        case "SequenceConstruct": return [reading.construct()]
        case "SequenceAt": return [try reading.part(in: &reader)]
        case "SequenceLength":
            let count = WholeTensor([try reading.parts().count], shape: Shape(axes: []))
            return [ReadValue(.init(value: .whole(count)), type: .int64)]
        default: return [try reading.joined(in: &reader)]
        }
    }

    private struct Reading<Scalar: KernelScalar> {
        let node: FileNode
        let inputs: [ReadValue<Scalar>?]
        let label: String

        func refusal(_ reason: String) -> ModelReadingError {
            .sequence(node.type, label: label, reason: reason)
        }

        private func attribute(_ name: String, default usual: Int) throws -> Int {
            switch node.attributes[name] {
            case .int(let value): value
            case nil: usual
            default: throw refusal("its attribute \(name) is no whole number")
            }
        }

        private func input(_ index: Int) throws -> ReadValue<Scalar> {
            guard index < inputs.count, let input = inputs[index] else {
                throw refusal("it lacks operand \(index)")
            }
            return input
        }

        func parts() throws -> [ReadValue<Scalar>.Part] {
            guard case .parts(let parts) = try input(0).content else {
                throw refusal("\(node.inputs[0]) is no sequence of parts of a tensor")
            }
            return parts
        }

        private func sequence(_ parts: [ReadValue<Scalar>.Part]) -> ReadValue<Scalar> {
            ReadValue(
                content: .parts(parts), shape: Shape(axes: []), type: parts.first?.value.type ?? .float32)
        }

        func construct() -> ReadValue<Scalar> {
            sequence(
                zip(node.inputs, inputs).compactMap { name, value in
                    value.map { .init(value: $0, name: name) }
                })
        }

        /// The part that a constant says.
        func part(in reader: inout GraphReader<Scalar>) throws -> ReadValue<Scalar> {
            let parts = try parts()
            guard case .whole(let whole) = try input(1).known?.value, let index = whole.elements.first else {
                throw refusal("which part it takes is no constant")
            }
            let place = index < 0 ? index + parts.count : index
            guard parts.indices.contains(place) else {
                throw refusal("it takes part \(index) of \(parts.count)")
            }
            return try taken(parts[place], name: node.outputs.first ?? node.name, in: &reader)
        }

        private func taken(
            _ part: ReadValue<Scalar>.Part, name: String, in reader: inout GraphReader<Scalar>
        ) throws -> ReadValue<Scalar> {
            guard let slice = part.slice else { return part.value }
            guard let axis = part.dropped else {
                return try apply(slice, to: [(part.name, part.value)], name: name, in: &reader)
            }
            let whole = try apply(
                slice, to: [(part.name, part.value)], name: name + "/whole", in: &reader)
            return try apply(
                Reshape.squeeze([axis]), to: [(name + "/whole", whole)], name: name, in: &reader)
        }

        func split() throws -> ReadValue<Scalar> {
            let (x, axis) = (try input(0), try attribute("axis", default: 0))
            let drops = try inputs.count < 2 && attribute("keepdims", default: 1) == 0
            var kind = Split.Parts.extent(1)
            if inputs.count > 1, let split = inputs[1] {
                guard case .whole(let whole) = split.known?.value else {
                    throw refusal("the extents of its parts are no constants")
                }
                kind =
                    whole.shape.rank == 0
                    ? .extent(whole.elements.first ?? 1) : .extents(whole.elements)
            }
            return sequence(
                try Split(kind, axis: axis).slices(of: x.shape).map {
                    .init(value: x, name: node.inputs[0], slice: $0, dropped: drops ? axis : nil)
                })
        }

        func joined(in reader: inout GraphReader<Scalar>) throws -> ReadValue<Scalar> {
            let (axis, result) = (
                try attribute("axis", default: 0), node.outputs.first ?? node.name
            )
            let stacks = try attribute("new_axis", default: 0) == 1
            let parts = try parts().enumerated().map { index, part in
                var name = part.slice == nil ? part.name : "\(result)/part_\(index)"
                var value = try taken(part, name: name, in: &reader)
                if stacks {
                    let stacked = "\(result)/stacked_\(index)"
                    value = try apply(
                        Reshape.unsqueeze([axis]), to: [(name, value)], name: stacked, in: &reader)
                    name = stacked
                }
                return (name, value)
            }
            return try apply(Concat(axis: axis), to: parts, name: result, in: &reader)
        }

        private func apply(
            _ operation: any Operator, to operands: [(String, ReadValue<Scalar>)], name: String,
            in reader: inout GraphReader<Scalar>
        ) throws -> ReadValue<Scalar> {
            var reading = NodeReading(
                node, version: 1, inputs: operands.enumerated().map { $1.1.operand(.input($0)) })
            _ = try reading.apply(operation, to: reading.inputs.compactMap(\.self))
            return try reader.apply(
                reading.steps[0], to: operands.map { (name: $0.0, value: $0.1) }, name: name, label: label)
        }
    }
}
