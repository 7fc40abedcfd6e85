import DataSets
import Foundation
import ImageFixtures
import Kernels
import NumericalMethods
import ResidualNetworks
import Tensors
import Testing
import Training

/// A narrow ImageNet network on a folder of small images, from the files to the updated weights.
@Suite("Training on a folder of images")
struct ImageNetTrainingTests {
    private static let side = 32

    /// Two classes of noisy 40 × 36 images, one reddish and one bluish, as PNG and JPEG.
    private func makeFolder() throws -> String {
        let path = NSTemporaryDirectory() + "/propagate-" + UUID().uuidString
        var stream = RandomStream(seed: 9, name: "folder")
        for (label, name) in ["blue", "red"].enumerated() {
            let folder = "\(path)/\(name)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for index in 0..<8 {
                let pixels = (0..<(40 * 36)).flatMap { _ in
                    let bright = UInt8(120 + stream.integer(below: 120))
                    let dark = UInt8(stream.integer(below: 120))
                    return label == 1 ? [bright, dark, dark] : [dark, dark, bright]
                }
                let isPNG = index % 2 == 0
                let file =
                    isPNG
                    ? EncodedImage.png(width: 40, height: 36, pixels)
                    : EncodedImage.jpeg(width: 40, height: 36, pixels)
                try Data(file).write(
                    to: URL(fileURLWithPath: "\(folder)/\(index).\(isPNG ? "png" : "jpg")"))
            }
        }
        return path
    }

    @Test(
        "A step lowers its batch's loss, and a few with augmentation move every parameter",
        arguments: [UnitLayout.original.name, UnitLayout.fullPreactivation.name], [18, 50])
    func trains(unit: String, depth: Int) throws {
        let path = try makeFolder()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let folder = try ImageFolder(path, side: Self.side)
        let architecture = ImageNetArchitecture()
        let block = try architecture.defaultBlock(depth: depth)
        let design = NetworkDesign(
            architecture: architecture, block: block,
            unitsPerStage: try architecture.unitsPerStage(depth: depth, block: block),
            layout: try #require(UnitLayout.paper.first { $0.name == unit }), baseWidth: 8,
            classes: folder.classCount, input: Shape(1, 3, Self.side, Self.side))
        func step(rate: Double) throws -> TrainingStep<Float> {
            try TrainingStep(
                design,
                Optimization(schedule: LearningRateSchedule(base: rate, milestones: []), weightDecay: 1e-4),
                seed: 1)
        }
        var state = try TrainingState<Float>(design, from: HeInitialization(seed: 1))
        let started = state.parameters.entries.map { $0.values.elements }
        // So small a step that the loss follows its slope: it falls by η‖g‖² to first order. ‖g‖² is between 167 and two
        // million here (the last stage is one pixel): no one rate lowers the loss of all four networks.
        let same = try batch(folder, 0)
        var probed = state
        let before = try step(rate: 1).advance(&probed, on: same).loss
        let squaredNorm = probed.parameters.entries.reduce(0.0) { sum, entry in
            sum + entry.velocity.elements.reduce(0) { $0 + Double($1) * Double($1) }
        }
        let expected = 1e-3
        var descended = state
        _ = try step(rate: expected / squaredNorm).advance(&descended, on: same)
        let fall = before - (try step(rate: 1).advance(&descended, on: same).loss)
        // A tenth: the curvature along the step, and masks that flip.
        #expect(abs(fall / expected - 1) < 0.1, "\(fall) for \(expected)")
        for iteration in 0..<6 {
            let loss = try step(rate: 0.005).advance(&state, on: try batch(folder, iteration)).loss
            #expect(loss.isFinite)
        }
        // Every parameter has moved, the stem's in front of the pooling too.
        for (entry, values) in zip(state.parameters.entries, started) {
            #expect(entry.values.elements != values, "\(entry.name)")
        }
    }

    /// All images, each cropped and flipped anew in every iteration: by the scale rule, by the scale-and-aspect rule.
    private func batch(_ folder: ImageFolder, _ iteration: Int) throws -> TrainingBatch<Float> {
        var pixels: [Float] = []
        for index in 0..<folder.count {
            var stream = RandomStream(seed: 1, name: "augmentation.\(iteration).\(index)")
            pixels +=
                iteration % 2 == 0
                ? try folder.image(at: index, ScaleJitter(side: Self.side, scales: 34...48), &stream)
                : try folder.image(at: index, ScaleAndAspectJitter(side: Self.side), &stream)
        }
        return TrainingBatch(
            pixels: pixels, shape: Shape(folder.count, 3, Self.side, Self.side), labels: folder.labels)
    }
}
