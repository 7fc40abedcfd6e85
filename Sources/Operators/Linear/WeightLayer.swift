import Kernels
import Tensors

/// A convolution without bias with the batch normalisation (and ReLU) that it reads through and what is added to its result,
/// as one operator: kernels pass over the maps between them once, and the normalised map is never kept.
///
/// No file and no maker writes it; fusion puts it in the place of the three. Slots: those of the normalisation (x, γ, β and
/// perhaps running statistics) or x alone, the filter, and the addend before or behind them.
public struct WeightLayer: Operator {
    enum AddendPlace: Sendable { case first, last }

    private let convolution: Conv
    private let normalization: BatchNorm?
    private var addend: AddendPlace?
    private var measuresChannels = false

    init(_ convolution: Conv, readingThrough normalization: BatchNorm? = nil) {
        self.convolution = convolution
        self.normalization = normalization
    }

    func adding(_ place: AddendPlace) -> WeightLayer? {
        guard addend == nil else { return nil }
        var layer = self
        layer.addend = place
        return layer
    }

    public var measuringChannels: (any Operator)? {
        var layer = self
        layer.measuresChannels = true
        return layer
    }

    public var name: String { "WeightLayer" }
    public var role: OperatorRole { .product(slots: [xSlot, filterSlot]) }
    public var measuredSlot: Int? { normalization?.measuredSlot.map { $0 + xSlot } }

    /// Operands of the normalisation, or x.
    private var inputCount: Int { normalization.map { $0.statistics == .batch ? 3 : 5 } ?? 1 }
    private var xSlot: Int { addend == .first ? 1 : 0 }
    private var filterSlot: Int { xSlot + inputCount }
    private var addendSlot: Int? {
        switch addend {
        case .first: 0
        case .last: filterSlot + 1
        case nil: nil
        }
    }
    private var operandCount: Int { inputCount + (addend == nil ? 1 : 2) }

    public func isDifferentiable(in slot: Int) -> Bool {
        slot == filterSlot || slot == addendSlot || (xSlot..<xSlot + min(inputCount, 3)).contains(slot)
    }

    public func isLinear(in slots: [Int], of operands: Int) -> Bool {
        normalization == nil && slots == [xSlot] && addend == nil
    }

    public func reads(for slot: Int) -> Reads {
        if slot == addendSlot { return Reads() }
        var read: Set<Int> = slot == filterSlot ? [] : [filterSlot]
        if normalization != nil { read.formUnion([xSlot, xSlot + 1, xSlot + 2]) }
        if slot == filterSlot { read.insert(xSlot) }
        return Reads(operands: read)
    }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: operandCount...operandCount)
        let shape = try convolution.shape(of: [operands[xSlot], operands[filterSlot]])
        if let addendSlot, operands[addendSlot] != shape {
            throw OperatorError.shapes(
                operation: name, operands: operands, requirement: "the addend has the shape \(shape)")
        }
        return shape
    }

    public func multiplyAdds(of operands: [Shape]) -> Int {
        guard operands.count == operandCount else { return 0 }
        return convolution.multiplyAdds(of: [operands[xSlot], operands[filterSlot]])
    }

    @specialized(where Scalar == Float)
    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        // A graph has found the shapes to fit.
        let x = try operands[xSlot].tensor
        var (affine, residue) = (Normalization?.none, ChannelStatistics?.none)
        if let normalization {
            let found = try normalization.statistics(
                for: Array(operands[xSlot..<xSlot + inputCount]))
            affine = normalization.normalization(
                found, scale: try operands[xSlot + 1].tensor.doubles,
                shift: try operands[xSlot + 2].tensor.doubles)
            residue = found
        }
        let addend = try addendSlot.map { slot -> Addend<Scalar> in
            let scaled = try operands[slot].scaled
            return Addend(scaled.tensor, factor: scaled.coefficient(relativeTo: 0))
        }
        let filter = try operands[filterSlot].tensor
        let layer = try Scalar.kernels.layer(
            LayerInput(x, affine), filter, convolution.geometry(x.shape, filter.shape), adding: addend,
            measuringChannels: measuresChannels)
        return Evaluation(
            .real(ScaledTensor(layer.value), statistics: layer.statistics), residue: residue)
    }

    @specialized(where Scalar == Float)
    public func vjp<Scalar: KernelScalar>(
        _ cotangent: consuming Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        if slot == addendSlot { return ScaledTensor(cotangent) }
        let kernels = Scalar.kernels
        if slot == filterSlot {
            let x = try point.tensor(xSlot)
            let read = try affine(at: point).map { kernels.normalize(x, $0) } ?? x
            return ScaledTensor(
                try kernels.convolutionFilterGradient(cotangent, at: read, geometry(at: point)))
        }
        let pulled = try kernels.convolutionPullback(cotangent, point.tensor(filterSlot), geometry(at: point))
        guard let affine = try affine(at: point) else { return ScaledTensor(pulled) }
        let x = try point.tensor(xSlot)
        if slot == xSlot { return ScaledTensor(kernels.normalizePullback(consume pulled, at: x, affine)) }
        let pullback = kernels.normalizePullbackToAll(consume pulled, at: x, affine)
        return ScaledTensor(
            Tensor(
                rounding: slot == xSlot + 1 ? pullback.scale : pullback.shift, shape: point.shapes[slot]))
    }

    @specialized(where Scalar == Float)
    public func pullBack<Scalar: KernelScalar>(
        _ cotangent: consuming Cotangent<Scalar>, to slots: [Int], at point: Point<Scalar>
    ) throws -> [Cotangent<Scalar>] {
        // The addend's cotangent is that of the sum.
        if slots == [addendSlot] { return [cotangent] }
        var (layer, factor, exponent) = (consume cotangent).layer()
        func scaled(_ tensor: Tensor<Scalar>) -> Cotangent<Scalar> {
            .resolved(ScaledTensor(tensor, factor: factor, exponent: exponent))
        }
        let asksForAddend = addendSlot.map { slots.contains($0) } ?? false
        // A layer tells the cotangent of the sum where it has one to add up itself.
        if asksForAddend, layer.pending != nil, layer.addend == nil {
            layer = LayerCotangent(Scalar.kernels.resolve(layer))
        }
        guard normalization != nil || slots.contains(filterSlot) else {
            // What is linear in x reads no x.
            let resolved = Scalar.kernels.resolve(consume layer)
            return try slots.map {
                .resolved(try vjp(resolved, to: $0, at: point).scaled(by: factor, power: exponent))
            }
        }
        let plain = asksForAddend && layer.addend == nil ? layer.tensor : nil
        let read = LayerInput(try point.tensor(xSlot), try affine(at: point))
        let pullback = try Scalar.kernels.layerPullback(
            consume layer, at: read, point.tensor(filterSlot), geometry(at: point),
            toFilter: slots.contains(filterSlot))
        return try slots.map { slot in
            if slot == addendSlot, let sum = pullback.cotangent ?? plain { return scaled(sum) }
            if slot == filterSlot, let filter = pullback.filter { return scaled(filter) }
            if slot == xSlot { return Cotangent(pullback.input, factor: factor, exponent: exponent) }
            guard let numbers = slot == xSlot + 1 ? pullback.scale : pullback.shift else {
                throw OperatorError.notDifferentiable(operation: name, slot: slot)
            }
            return scaled(Tensor(rounding: numbers, shape: point.shapes[slot]))
        }
    }

    @specialized(where Scalar == Float)
    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        if slot == addendSlot { return ScaledTensor(tangent) }
        let kernels = Scalar.kernels
        if slot == filterSlot {
            let x = try point.tensor(xSlot)
            let read = try affine(at: point).map { kernels.normalize(x, $0) } ?? x
            return ScaledTensor(try kernels.convolution(read, tangent, geometry(at: point)))
        }
        guard let normalization else {
            return ScaledTensor(
                try kernels.convolution(tangent, point.tensor(filterSlot), geometry(at: point)))
        }
        // As the normalisation alone pushes it forward.
        let inputs = try (0..<3).map { try point.operand(xSlot + $0) }
        let pushed = try normalization.jvp(
            tangent, from: slot - xSlot,
            at: Point(
                shapes: Array(point.shapes[xSlot..<filterSlot]), resultShape: point.shapes[xSlot],
                operands: inputs, residue: point.residue))
        return ScaledTensor(
            try kernels.convolution(pushed.plain, point.tensor(filterSlot), geometry(at: point)))
    }

    private func geometry<Scalar>(at point: Point<Scalar>) -> ConvolutionGeometry {
        convolution.geometry(point.shapes[xSlot], point.shapes[filterSlot])
    }

    private func affine<Scalar>(at point: Point<Scalar>) throws -> Normalization? {
        guard let normalization else { return nil }
        return normalization.normalization(
            try point.residue(as: ChannelStatistics.self), scale: try point.tensor(xSlot + 1).doubles,
            shift: try point.tensor(xSlot + 2).doubles)
    }
}
