import Tensors
import Testing

@testable import Kernels

/// Weight layers run piece by piece on Float, against the same layers composed of whole operations in Double.
@Suite("Weight layers")
struct WeightLayerTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let geometry: ConvolutionGeometry
        let block: Int
        let isNormalized: Bool
        var testDescription: String { "\(geometry), block \(block), normalised: \(isNormalized)" }
    }

    static let cases: [Case] = [
        // Blocks of 8 and 16, whole and padded, both filter gradients, strides, odd batches and extents, images
        // smaller than the filter, more samples than a piece holds, and a batch too small to be cut.
        (Shape(6, 16, 8, 8), 16, 3, 1, 16), (Shape(6, 16, 8, 8), 16, 3, 1, 8),
        (Shape(5, 20, 9, 7), 11, 3, 1, 8),
        (Shape(5, 20, 9, 7), 11, 3, 2, 16), (Shape(4, 64, 6, 6), 16, 1, 1, 16),
        (Shape(4, 16, 6, 6), 64, 1, 2, 8),
        (Shape(7, 24, 2, 2), 16, 3, 1, 8), (Shape(4, 8, 1, 5), 8, 3, 1, 8),
        (Shape(16, 16, 32, 32), 16, 3, 1, 8),
        (Shape(16, 16, 32, 32), 16, 3, 1, 16), (Shape(1, 16, 5, 5), 8, 3, 1, 8),
        // Several pieces a group, several samples a piece, and a batch that nothing divides.
        (Shape(48, 16, 8, 8), 16, 3, 1, 8), (Shape(34, 8, 5, 6), 16, 3, 2, 8),
        (Shape(96, 16, 4, 4), 24, 1, 1, 8), (Shape(37, 16, 6, 6), 8, 3, 1, 8),
        // The same in blocks of 16; one, two and three of them on either side, rows of one tile and of several.
        (Shape(48, 16, 8, 8), 16, 3, 1, 16), (Shape(34, 16, 5, 7), 48, 3, 1, 16),
        (Shape(37, 40, 5, 5), 32, 3, 1, 16), (Shape(96, 48, 4, 4), 16, 1, 1, 16),
        (Shape(5, 20, 3, 13), 33, 3, 1, 16), (Shape(4, 32, 4, 30), 16, 3, 1, 16),
        (Shape(3, 16, 3, 33), 32, 3, 1, 16), (Shape(6, 32, 7, 7), 40, 1, 1, 16),
        (Shape(20, 5, 1, 5), 17, 3, 1, 16), (Shape(7, 24, 5, 1), 16, 3, 1, 16),
        (Shape(4, 17, 1, 1), 32, 1, 1, 16), (Shape(6, 24, 13, 5), 20, 3, 1, 8),
    ].flatMap { input, outputs, kernel, stride, block in
        [true, false].map {
            Case(
                geometry: ConvolutionGeometry(
                    input: input, outputChannels: outputs, kernel: kernel, stride: stride, padding: kernel / 2
                ),
                block: block, isNormalized: $0)
        }
    }

    private func normalization(of map: Tensor<Float>) -> Normalization {
        let channels = map.shape.channels
        return Normalization(
            ReferenceKernels().channelStatistics(map.converted()), epsilon: 1e-5,
            scale: (0..<channels).map { 0.5 + Double($0 % 3) },
            shift: (0..<channels).map { 0.2 * Double($0 % 4) - 0.3 },
            activation: .rectifier, statistics: .ofBatch)
    }

    private func input(of one: Case) -> LayerInput<Float> {
        let map = Tensor<Float>.random(one.geometry.input, block: one.block, seed: 1, offset: 0.3)
        return LayerInput(map, one.isNormalized ? normalization(of: map) : nil)
    }

    private func cotangent(of one: Case) -> LayerCotangent<Float> {
        let c = Tensor<Float>.random(one.geometry.output, block: one.block, seed: 2)
        let map = Tensor<Float>.random(one.geometry.output, block: one.block, seed: 3, offset: -0.2)
        let above = normalization(of: map)
        let pulled = ReferenceKernels().normalizePullbackToAll(c.converted(), at: map.converted(), above)
        return LayerCotangent(
            c, pending: .init(map: map, normalization: above, scale: pulled.scale, shift: pulled.shift))
    }

    @Test(arguments: cases)
    func valuesAndStatisticsAgree(_ one: Case) throws {
        let filter = Tensor<Float>.random(one.geometry.filter, seed: 4)
        let x = input(of: one)
        let addend = Tensor<Float>.random(one.geometry.output, block: one.block, seed: 5)
        let found = try OneDNNKernels().layer(
            x, filter, one.geometry, adding: Addend(addend, factor: -0.5), measuringChannels: true)
        let expected = try ReferenceKernels().layer(
            x.inDouble, filter.converted(), one.geometry, adding: Addend(addend.converted(), factor: -0.5),
            measuringChannels: true)
        expectClose(found.value, expected.value.elements, tolerance: sumTolerance)
        let size = expected.value.elements.reduce(0) { max($0, abs($1)) }
        let (statistics, exact) = (try #require(found.statistics), try #require(expected.statistics))
        for channel in 0..<one.geometry.outputChannels {
            #expect(abs(statistics.mean[channel] - exact.mean[channel]) <= sumTolerance * size)
            #expect(
                abs(statistics.variance[channel] - exact.variance[channel]) <= 2 * sumTolerance * size * size)
        }
        #expect(statistics.elements == one.geometry.output.batch * one.geometry.output.area)
        let unmeasured = try OneDNNKernels().layer(
            x, filter, one.geometry, adding: Addend(addend, factor: -0.5), measuringChannels: false)
        #expect(unmeasured.statistics == nil && unmeasured.value.elements == found.value.elements)
    }

    @Test(arguments: cases)
    func pullbacksAgree(_ one: Case) throws {
        let filter = Tensor<Float>.random(one.geometry.filter, seed: 4)
        let (x, c) = (input(of: one), cotangent(of: one))
        let (fast, plain) = (OneDNNKernels(), ReferenceKernels())
        let found = try fast.layerPullback(c, at: x, filter, one.geometry, toFilter: true)
        let expected = try plain.layerPullback(
            c.inDouble, at: x.inDouble, filter.converted(), one.geometry, toFilter: true)
        // A mask bit of a rectifier flips where Float and Double disagree about a sign: none does for these numbers.
        let gradient = try #require(found.filter)
        expectClose(gradient, try #require(expected.filter).elements, tolerance: sumTolerance)
        let addend = Tensor<Float>.random(one.geometry.input, block: one.block, seed: 6)
        expectClose(
            fast.resolve(found.input.adding(Addend(addend, factor: 0.25))),
            plain.resolve(expected.input.adding(Addend(addend.converted(), factor: 0.25))).elements,
            tolerance: 3 * sumTolerance)
        #expect((found.scale == nil) == !one.isNormalized && (found.shift == nil) == !one.isNormalized)
        for (a, b) in [(found.scale, expected.scale), (found.shift, expected.shift)] {
            guard let a, let b else { continue }
            let size = b.reduce(0) { max($0, abs($1)) }
            for (x, y) in zip(a, b) { #expect(abs(x - y) <= 3 * sumTolerance * size) }
        }
    }

    /// Without the filter's gradient everything else is the same: bit for bit where the batch is cut, and but for rounding in
    /// whatever way it goes.
    @Test(arguments: cases)
    func theFilterCanBeLeftOut(_ one: Case) throws {
        let filter = Tensor<Float>.random(one.geometry.filter, seed: 4)
        let (x, pending) = (input(of: one), cotangent(of: one))
        let addend = Addend(Tensor<Float>.random(one.geometry.output, block: one.block, seed: 7), factor: 0.5)
        let kernels = OneDNNKernels()
        // Once each: of odd filters the library has but plain code.
        let c = pending.adding(addend)
        let whole = try kernels.layerPullback(c, at: x, filter, one.geometry, toFilter: true)
        let part = try kernels.layerPullback(c, at: x, filter, one.geometry, toFilter: false)
        #expect(part.filter == nil && whole.filter != nil)
        expectClose(
            kernels.resolve(part.input), kernels.resolve(whole.input).doubles, tolerance: 3 * sumTolerance)
        for (a, b) in [(part.scale, whole.scale), (part.shift, whole.shift)] {
            #expect((a == nil) == (b == nil))
            let size = b?.reduce(0) { max($0, abs($1)) } ?? 0
            for (x, y) in zip(a ?? [], b ?? []) { #expect(abs(x - y) <= 3 * sumTolerance * size) }
        }
        #expect(part.cotangent != nil)
        guard let plan = try LayerPlan.of(one.geometry, block: x.map.block), plan.toFilter != nil else {
            return
        }
        let cut = try LayerPull(at: x, filter, plan, toFilter: nil, threads: 2).run(c)
        #expect(cut.input.tensor.elements == whole.input.tensor.elements)
        #expect(cut.scale == whole.scale && cut.shift == whole.shift)
        #expect(cut.cotangent?.elements == whole.cotangent?.elements)
    }

    /// A cotangent's addend joins it behind the normalisation that is pending, wherever the sum is written: in the
    /// cotangent's memory, or beside it while somebody else holds that. It comes back as a plain tensor.
    @Test(arguments: cases)
    func addendsJoinTheCotangent(_ one: Case) throws {
        let filter = Tensor<Float>.random(one.geometry.filter, seed: 4)
        let x = input(of: one)
        let addend = Addend(
            Tensor<Float>.random(one.geometry.output, block: one.block, seed: 7), factor: -0.75)
        let pending = cotangent(of: one)
        let before = pending.tensor.elements
        for c in [pending, LayerCotangent(pending.tensor)] {
            let expected = try ReferenceKernels().layerPullback(
                c.inDouble.adding(Addend(addend.tensor.converted(), factor: -0.75)), at: x.inDouble,
                filter.converted(), one.geometry, toFilter: true)
            let sum = try #require(expected.cotangent)
            let shared = try OneDNNKernels().layerPullback(
                c.adding(addend), at: x, filter, one.geometry, toFilter: true)
            let alone = try OneDNNKernels().layerPullback(
                LayerCotangent(
                    Tensor(c.tensor.elements, shape: c.tensor.shape, block: one.block), pending: c.pending,
                    addend: addend), at: x, filter, one.geometry, toFilter: true)
            #expect(c.tensor.elements == before, "a held cotangent was overwritten")
            for found in [shared, alone] {
                expectClose(try #require(found.cotangent), sum.elements, tolerance: sumTolerance)
                expectClose(
                    try #require(found.filter), try #require(expected.filter).elements,
                    tolerance: sumTolerance)
            }
            #expect(shared.input.tensor.elements == alone.input.tensor.elements)
            let without = try OneDNNKernels().layerPullback(c, at: x, filter, one.geometry, toFilter: false)
            #expect(without.cotangent == nil)
        }
    }

    /// The same numbers again give the same bits, on any number of threads where the batch is cut.
    @Test(arguments: cases)
    func bitsRepeat(_ one: Case) throws {
        let filter = Tensor<Float>.random(one.geometry.filter, seed: 4)
        func bits(_ threads: Int) throws -> [[Float]] {
            let before = ComputeThreads.count
            defer { ComputeThreads.count = before }
            ComputeThreads.count = threads
            let kernels = OneDNNKernels()
            let pulled = try kernels.layerPullback(
                cotangent(of: one), at: input(of: one), filter, one.geometry, toFilter: true)
            let value = try kernels.layer(
                input(of: one), filter, one.geometry, adding: nil, measuringChannels: true)
            return [value.value.elements, try #require(pulled.filter).elements, pulled.input.tensor.elements]
        }
        let expected = try bits(1)
        // Images smaller than the filter go through the library whole, whose sums follow the threads.
        let counts = one.geometry.widened == nil ? [2, 3] : [1]
        for threads in counts { #expect(try bits(threads) == expected, "\(threads) threads") }
    }

    /// A factor of 0 leaves the addend unread, so that a map that is not finite does no harm.
    @Test(arguments: cases)
    func nothingOfAnAddend(_ one: Case) throws {
        let filter = Tensor<Float>.random(one.geometry.filter, seed: 4)
        let infinite = Tensor<Float>(
            Array(repeating: .infinity, count: one.geometry.output.count), shape: one.geometry.output
        ).reblocked(to: one.block)
        let kernels = OneDNNKernels()
        let found = try kernels.layer(
            input(of: one), filter, one.geometry, adding: Addend(infinite, factor: 0),
            measuringChannels: false)
        let alone = try kernels.layer(
            input(of: one), filter, one.geometry, adding: nil, measuringChannels: false)
        #expect(found.value.elements == alone.value.elements)
        let nothing = Addend(infinite, factor: 0)
        let pending = cotangent(of: one)
        for c in [pending, LayerCotangent(pending.tensor)] {
            let pulled = try kernels.layerPullback(
                c.adding(nothing), at: input(of: one), filter, one.geometry, toFilter: true)
            #expect(pulled.cotangent?.elements == kernels.resolve(c).elements)
            #expect(kernels.resolve(c.adding(nothing)).elements == kernels.resolve(c).elements)
        }
    }
}

extension LayerInput<Float> {
    fileprivate var inDouble: LayerInput<Double> { LayerInput<Double>(map.converted(), normalization) }
}

extension LayerCotangent<Float> {
    fileprivate var inDouble: LayerCotangent<Double> {
        LayerCotangent<Double>(
            tensor.converted(),
            pending: pending.map {
                .init(
                    map: $0.map.converted(), normalization: $0.normalization, scale: $0.scale, shift: $0.shift
                )
            })
    }
}
