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
        "A few steps with augmentation lower the loss",
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
        let step = TrainingStep(
            design,
            Optimization(schedule: LearningRateSchedule(base: 0.005, milestones: []), weightDecay: 1e-4),
            seed: 1)
        var state = try TrainingState<Float>(design, from: HeInitialization(seed: 1))
        let started = state.parameters.entries.map { $0.values.elements }
        var losses: [Double] = []
        for iteration in 0..<12 {
            losses.append(try step.advance(&state, on: try batch(folder, iteration)).loss)
        }
        #expect(losses.allSatisfy { $0.isFinite })
        // Colours tell the classes apart: chance is ln 2.
        #expect(losses.suffix(4).reduce(0, +) / 4 < losses[0], "\(losses)")
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
