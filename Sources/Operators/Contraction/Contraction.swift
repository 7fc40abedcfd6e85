import Kernels
import Tensors

/// A name for an axis that operands share.
enum AxisLabel: Hashable, Sendable {
    case letter(Character)
    /// One of those behind an ellipsis.
    case hidden(Int)

    var isHidden: Bool { if case .hidden = self { true } else { false } }
}

/// Where the elements of a tensor stand: how far apart along each label. A label that two axes have walks their diagonal.
struct Labelled: Sendable {
    private(set) var labels: [AxisLabel] = []
    private(set) var strides: [AxisLabel: Int] = [:]

    init(_ own: [AxisLabel], of shape: Shape, stretchedTo extents: [AxisLabel: Int]) {
        let steps = shape.strides
        for (axis, label) in own.enumerated() where shape[axis] == extents[label] {
            if strides[label] == nil { labels.append(label) }
            strides[label, default: 0] += steps[axis]
        }
    }

    /// Row by row.
    init(_ labels: [AxisLabel], extents: [AxisLabel: Int]) {
        self.labels = labels
        var step = 1
        for label in labels.reversed() {
            strides[label] = step
            step *= extents[label] ?? 1
        }
    }

    func stride(_ label: AxisLabel) -> Int { strides[label] ?? 0 }
}

/// A tensor with labels for its axes.
struct Term<Scalar: KernelScalar> {
    let tensor: Tensor<Scalar>
    let places: Labelled
    var labels: [AxisLabel] { places.labels }
}

/// Sums of products over labels that the result has not, two factors at a time, each pair as a stack of matrix products.
struct Contraction {
    let extents: [AxisLabel: Int]

    /// The product of the extents of some labels, or the largest number.
    func count(_ labels: some Sequence<AxisLabel>) -> Int {
        labels.reduce(1) { count, label in
            let (product, overflows) = count.multipliedReportingOverflow(by: extents[label] ?? 1)
            return overflows ? .max : product
        }
    }

    /// The elements of a term in the order of some labels, as many as these have; along those that it has not they are
    /// repeated.
    func arranged<Scalar>(_ term: Term<Scalar>, by labels: [AxisLabel]) -> Tensor<Scalar> {
        let target = Labelled(labels, extents: extents)
        let shape = Shape(axes: [count(labels)])
        // Where they stand so already, as of a plain matrix, nothing moves.
        if labels == term.labels, target.strides == term.places.strides,
            term.tensor.shape.count == shape.count
        {
            return term.tensor.reshaped(shape)
        }
        var arranged = Tensor<Scalar>(uninitialized: shape)
        Scalar.kernels.copy(term.tensor, by: move(labels, from: term.places, to: target), into: &arranged)
        return arranged
    }

    func move(_ labels: [AxisLabel], from source: Labelled, to target: Labelled) -> Move {
        Move(
            axes: labels.map {
                .even(extents[$0] ?? 1, source: source.stride($0), target: target.stride($0))
            })
    }

    /// The product of all terms, summed over the labels that are not kept; its own are those of the kept ones that occur.
    ///
    /// - Parameter terms: at least one.
    func product<Scalar>(
        of terms: [Term<Scalar>], keeping kept: Set<AxisLabel>
    ) throws -> Term<Scalar> {
        var product = terms[0]
        for (index, term) in terms.enumerated().dropFirst() {
            let needed = terms[(index + 1)...].reduce(into: kept) { $0.formUnion($1.labels) }
            product = try self.product(product, term, keeping: needed)
        }
        return summed(product, keeping: kept)
    }

    private func product<Scalar>(
        _ a: Term<Scalar>, _ b: Term<Scalar>, keeping kept: Set<AxisLabel>
    ) throws -> Term<Scalar> {
        let (a, b) = (summed(a, keeping: kept.union(b.labels)), summed(b, keeping: kept.union(a.labels)))
        let shared = a.labels.filter(b.labels.contains)
        let (stack, inner) = (shared.filter(kept.contains), shared.filter { !kept.contains($0) })
        let (rows, columns) = (
            a.labels.filter { !shared.contains($0) }, b.labels.filter { !shared.contains($0) }
        )
        let result = try Scalar.kernels.matrixProducts(
            arranged(a, by: stack + rows + inner)
                .reshaped(Shape(axes: [count(stack), count(rows), count(inner)])),
            arranged(b, by: stack + inner + columns)
                .reshaped(Shape(axes: [count(stack), count(inner), count(columns)])))
        return Term(tensor: result, places: Labelled(stack + rows + columns, extents: extents))
    }

    /// Without the labels that are not kept.
    private func summed<Scalar>(_ term: Term<Scalar>, keeping kept: Set<AxisLabel>) -> Term<Scalar> {
        let (rest, gone) = (term.labels.filter(kept.contains), term.labels.filter { !kept.contains($0) })
        guard !gone.isEmpty else { return term }
        let matrix = arranged(term, by: rest + gone).reshaped(Shape(axes: [count(rest), count(gone)]))
        return Term(
            tensor: Scalar.kernels.sum(matrix, to: Shape(axes: [count(rest), 1])),
            places: Labelled(rest, extents: extents))
    }

    /// Multiplications, each with an addition, of `product`.
    func multiplyAdds(of terms: [[AxisLabel]], keeping kept: Set<AxisLabel>) -> Int {
        var (open, total) = (Set(terms[0]), 0)
        for (index, term) in terms.enumerated().dropFirst() {
            let needed = terms[(index + 1)...].reduce(into: kept) { $0.formUnion($1) }
            let (a, b) = (
                open.intersection(needed.union(term)), Set(term).intersection(needed.union(open))
            )
            let (sum, overflows) = total.addingReportingOverflow(count(a.union(b)))
            total = overflows ? .max : sum
            open = a.union(b).intersection(needed)
        }
        return total
    }
}
