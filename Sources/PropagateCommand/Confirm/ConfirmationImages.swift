import Confirmation
import DataSets
import Kernels
import NumericalMethods
import Tensors
import Training

/// Labelled images in memory, a part of them trained on and a part tested on.
struct ConfirmationImages: Sendable {
    let name: String
    let images: LabelledImages
    /// Indices of images.
    let training: [Int]
    let test: [Int]
    /// What black is after normalisation, by channel.
    let black: [Float]

    /// The images that are tested at once.
    private static let testBatch = 128

    private var shape: Shape {
        Shape(1, images.shape.channels, images.shape.height, images.shape.width)
    }

    /// A fifth of the training set, drawn by chance, in the place of the test set.
    func holdingOut() -> ConfirmationImages {
        var stream = RandomStream(seed: 0, name: "confirm.held-out")
        let order = stream.choice(of: training.count, from: training.count).map { training[$0] }
        let count = training.count / 5
        return ConfirmationImages(
            name: "\(name), a fifth of the training set held out", images: images,
            training: order.dropFirst(count).sorted(), test: order.prefix(count).sorted(), black: black)
    }

    func data(for recipe: TrainingRecipe) -> ConfirmationData {
        ConfirmationData(
            name: name, shape: shape, classes: images.classCount, trainingCount: training.count,
            testCount: test.count,
            batch: { seed, iteration in batch(of: recipe, seed: seed, iteration: iteration) },
            testBatches: {
                stride(from: 0, to: test.count, by: Self.testBatch).map { start in
                    plain(Array(test[start..<min(start + Self.testBatch, test.count)]))
                }
            },
            probe: { count in
                var stream = RandomStream(seed: 0, name: "confirm.probe")
                let chosen = stream.choice(of: min(count, training.count), from: training.count)
                return plain(chosen.map { training[$0] })
            })
    }

    private func plain(_ indices: [Int]) -> TrainingBatch<Float> {
        TrainingBatch(
            pixels: indices.flatMap { images.pixels[place(of: $0)] }, shape: shape.with(batch: indices.count),
            labels: indices.map { images.labels[$0] })
    }

    private func place(of image: Int) -> Range<Int> {
        (image * images.shape.count)..<((image + 1) * images.shape.count)
    }

    /// Every image is seen once before any is seen again, in an order of its own each time.
    private func batch(of recipe: TrainingRecipe, seed: UInt64, iteration: Int) -> TrainingBatch<Float> {
        let chosen = (0..<recipe.batch).map { iteration * recipe.batch + $0 }
        let orders = Dictionary(
            uniqueKeysWithValues: Set(chosen.map { $0 / training.count }).map { epoch in
                var stream = RandomStream(seed: seed, name: "confirm.order.\(epoch)")
                return (epoch, stream.choice(of: training.count, from: training.count))
            })
        let indices = chosen.compactMap { orders[$0 / training.count]?[$0 % training.count] }
            .map { training[$0] }
        var stream = RandomStream(seed: seed, name: "confirm.augmentation.\(iteration)")
        var pixels: [Float] = []
        pixels.reserveCapacity(recipe.batch * images.shape.count)
        for index in indices {
            let range = 2 * recipe.translation + 1
            let down = stream.integer(below: range) - recipe.translation
            let right = stream.integer(below: range) - recipe.translation
            let isMirrored = stream.integer(below: 2) == 1 && recipe.flips
            appendMoved(
                index, down: down, right: right, isMirrored: isMirrored,
                padding: recipe.padsBeforeNormalization ? black : black.map { _ in 0 }, to: &pixels)
        }
        return TrainingBatch(
            pixels: pixels, shape: shape.with(batch: recipe.batch), labels: indices.map { images.labels[$0] })
    }

    private func appendMoved(
        _ index: Int, down: Int, right: Int, isMirrored: Bool, padding: [Float], to pixels: inout [Float]
    ) {
        let (height, width) = (images.shape.height, images.shape.width)
        let start = place(of: index).lowerBound
        for channel in 0..<images.shape.channels {
            for row in 0..<height {
                for column in 0..<width {
                    let (y, x) = (row + down, (isMirrored ? width - 1 - column : column) + right)
                    let isInside = (0..<height).contains(y) && (0..<width).contains(x)
                    pixels.append(
                        isInside
                            ? images.pixels[start + (channel * height + y) * width + x] : padding[channel])
                }
            }
        }
    }
}

extension ConfirmationImages {
    /// The images that a word of the command line names, with the data set whose rows they stand for.
    ///
    /// - Throws: `DataSetError`, `ConfirmRefusal`.
    static func named(_ word: String) throws -> (images: ConfirmationImages, stands: PaperRow.DataSet) {
        switch try ImageSourceParser.parse(word) {
        case is Digits: (digits(), .cifar10)
        case let release as CIFAR:
            (try cifar(release), release.classCount == 100 ? .cifar100 : .cifar10)
        default: throw ConfirmRefusal.untrainable(word)
        }
    }

    /// Digits of 8 × 8; a fifth, drawn by chance once and for all, is the test set. Mean and deviation are those of
    /// the training set.
    private static func digits() -> ConfirmationImages {
        var stream = RandomStream(seed: 0, name: "confirm.digits")
        let order = stream.choice(of: Digits.count, from: Digits.count)
        let count = Digits.count / 5
        let training = order.dropFirst(count).sorted()
        let originals = Digits().originals(at: Array(0..<Digits.count))
        let size = originals.shape.count
        var (sum, squares) = (0.0, 0.0)
        for index in training {
            for value in originals.pixels[(index * size)..<((index + 1) * size)] {
                sum += Double(value)
                squares += Double(value * value)
            }
        }
        let mean = sum / Double(training.count * size)
        let deviation = (squares / Double(training.count * size) - mean * mean).squareRoot()
        let normalised = LabelledImages(
            pixels: originals.pixels.map { Float((Double($0) - mean) / deviation) }, shape: originals.shape,
            labels: originals.labels, classCount: originals.classCount, name: originals.name,
            attribution: originals.attribution)
        return ConfirmationImages(
            name: "digits, 8×8", images: normalised, training: training, test: order.prefix(count).sorted(),
            black: [Float(-mean / deviation)])
    }

    /// The release's own training and test images.
    private static func cifar(_ training: CIFAR) throws -> ConfirmationImages {
        let test = try CIFAR(training.release, directory: training.directory, part: .test)
        let (first, second) = (training.imageCount ?? 0, test.imageCount ?? 0)
        let shown = try training.images(at: Array(0..<first))
        let hidden = try test.images(at: Array(0..<second))
        let images = LabelledImages(
            pixels: shown.pixels + hidden.pixels, shape: shown.shape, labels: shown.labels + hidden.labels,
            classCount: shown.classCount, name: shown.name, attribution: shown.attribution)
        // The least value of a channel in so many images is that of a black pixel.
        let area = shown.shape.height * shown.shape.width
        let black = (0..<shown.shape.channels).map { channel in
            (0..<min(first, 1000)).reduce(Float(0)) { least, image in
                let start = image * shown.shape.count + channel * area
                return min(least, shown.pixels[start..<(start + area)].min() ?? 0)
            }
        }
        return ConfirmationImages(
            name: training.release.name, images: images, training: Array(0..<first),
            test: Array(first..<(first + second)), black: black)
    }
}

/// Why a confirmation is not possible as it was asked for.
enum ConfirmRefusal: Error, Equatable, CustomStringConvertible {
    case untrainable(String)
    case paperNeedsCIFAR
    case unknownScale(String, closest: String?)
    case noGates(PaperTable)

    var description: String {
        switch self {
        case .untrainable(let word):
            "“\(word)” cannot be learned; --data takes digits, cifar10:DIR or cifar100:DIR."
        case .paperNeedsCIFAR:
            "--scale paper is the paper's training on CIFAR, and needs --data cifar10:DIR or cifar100:DIR."
        case .unknownScale(let word, let closest):
            "Unknown scale “\(word)”" + (closest.map { "; did you mean \($0)?" } ?? ".")
                + " Known are: \(ConfirmationScale.all.map(\.name).joined(separator: ", "))."
        case .noGates(let table): "--search-gate-bias needs rows with gates, and \(table.rawValue) has none."
        }
    }
}
