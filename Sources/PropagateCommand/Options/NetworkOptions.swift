import Analysis
import ArgumentParser
import DataSets
import Kernels
import NumericalMethods
import ResidualNetworks
import Tensors

/// The options that say which network is built.
struct NetworkOptions: ParsableArguments {
    static let title = "Network"

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Weighted layers; 3n+2, 6n+2 or 9n+2 for cifar, 18, 34, 50, 101, 152 or 200 for imagenet.",
            valueName: "count"))
    var depth = 110

    @Option(
        help: ArgumentHelp(
            """
            h(x): identity, none, scaleλ[,μ], gate-exclusive:b, gate-shortcut:b, conv1x1, dropoutp, a schedule by depth, \
            as in 'scale: 1 - l/(2*L)', or a formula, as in 'expr: 0.9*x + 0.1*tanh(x)'.
            """,
            valueName: "word"))
    var shortcut = "identity"

    @Option(
        help: ArgumentHelp(
            "original, bn-after-addition, relu-before-addition, relu-only-preact or full-preact.",
            valueName: "word"))
    var unit = UnitLayout.fullPreactivation.name

    @Option(
        help: ArgumentHelp(
            "basic, bottleneck or single; by default bottleneck for 164 and 1001, else the first that fits.",
            valueName: "word"))
    var block: String?

    @Option(
        help: ArgumentHelp(
            """
            Shortcut where size or width changes: subsampling (option A), activated-subsampling (the same of the \
            pre-activation) or projection; by default projection for bottleneck and imagenet.
            """, valueName: "word"))
    var sizeChange: BlockDesign.Matching?

    @Option(
        name: .customLong("projection-bn"),
        help: ArgumentHelp(
            "BN behind a projection: unless-preact (default), always or never.", valueName: "word"))
    var projectionNormalization: BlockDesign.ProjectionNormalization?

    @Option(
        help: ArgumentHelp(
            "Layer of a branch that halves the size: first (default) or spatial (a bottleneck's 3×3).",
            valueName: "word"))
    var stride: StridedLayer?

    @Option(
        help: ArgumentHelp(
            "cifar (three stages of images), imagenet (four, with max pooling) or dense (vectors).",
            valueName: "word"))
    var architecture = "cifar"

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            """
            cifar and imagenet: multiplier, 1 (default) for 16, 32, 64 or 64, 128, 256, 512 channels; dense: \
            features a layer, by default 64.
            """,
            valueName: "number"))
    var width: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Outputs of the classifier, by default as many as the data has.", valueName: "count"))
    var classes: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Side of the images of noise or of a folder, by default 32, for imagenet 224.",
            valueName: "pixels"))
    var imageSize: Int?

    @OptionGroup var formulaOptions: FormulaOptions

    mutating func validate() throws {
        try OptionRange.require("--depth", depth, atMost: Self.greatestDepth)
        try OptionRange.require("--classes", classes, in: 1...Self.greatestClasses)
        try OptionRange.require("--image-size", imageSize, in: 1...Self.greatestSide)
        let isDense = architecture == DenseArchitecture().name
        let greatestWidth = isDense ? Self.greatestFeatures : Self.greatestMultiplier
        try OptionRange.require("--width", width, in: 1...greatestWidth)
    }

    // Far beyond what fits in any memory, and small enough that sizes can be counted.
    private static var greatestDepth: Int { 1_000_000_000 }
    private static var greatestClasses: Int { 1_000_000 }
    private static var greatestSide: Int { 4096 }
    private static var greatestFeatures: Int { 65_536 }
    private static var greatestMultiplier: Int { 1024 }
}

/// Which layer of a branch takes the stride.
enum StridedLayer: String, ExpressibleByArgument, CaseIterable {
    case first, spatial
}

extension BlockDesign.Matching: ExpressibleByArgument {}
extension BlockDesign.ProjectionNormalization: ExpressibleByArgument {}

extension NetworkOptions {
    /// The design that the words name, for images of a shape and at least so many classes.
    func design(input: Shape, classes defaultClasses: Int) throws -> NetworkDesign {
        let architecture = try resolvedArchitecture
        var block =
            try self.block.map { try Self.find($0, as: "block", in: architecture.blocks, \.name) }
            ?? architecture.defaultBlock(depth: depth)
        if let sizeChange { block = block.matching(by: sizeChange) }
        if let projectionNormalization {
            block = block.normalizingProjections(projectionNormalization)
        }
        if stride == .spatial { block = block.stridingOnSpatialLayer }
        var design = NetworkDesign(
            architecture: architecture, block: block,
            unitsPerStage: try architecture.unitsPerStage(depth: depth, block: block),
            layout: try Self.find(unit, as: "unit", in: UnitLayout.paper, \.name),
            shortcut: try ShortcutVocabulary.paper.shortcut(for: shortcut, reader: formulaOptions.reader),
            baseWidth: try baseWidth(of: architecture, block: block), classes: classes ?? defaultClasses,
            input: input.with(batch: 1))
        try formulaOptions.apply(to: &design)
        return design
    }

    private static var architectures: [any Architecture] {
        [CIFARArchitecture(), ImageNetArchitecture(), DenseArchitecture()]
    }

    private var resolvedArchitecture: any Architecture {
        get throws {
            try Self.find(architecture, as: "architecture", in: Self.architectures, \.name)
        }
    }

    /// The design for images and classes that the architecture was made for, where no others are asked for.
    var designAlone: NetworkDesign {
        get throws {
            let architecture = try resolvedArchitecture
            let side = imageSize ?? architecture.imageSide
            return try design(input: Shape(1, 3, side, side), classes: architecture.classes)
        }
    }

    /// The images that a word names, of the size asked for where they come in any size.
    ///
    /// - Parameter trainingData: the word for what the network was trained on: the same word then names its training images.
    func source(
        named data: String, undecodable: UndecodableFiles, trainedOn trainingData: String? = nil
    ) throws -> any ImageSource {
        let architecture = try resolvedArchitecture
        let (classes, side) = (classes ?? architecture.classes, imageSize ?? architecture.imageSide)
        let source: any ImageSource =
            if data == trainingData {
                TrainingImageSource(
                    of: try TrainingSet.parse(
                        data, classes: classes,
                        folder: .init(side: side, examination: undecodable == .skip ? .whole : .names)))
            } else {
                try ImageSourceParser.parse(
                    data, classes: classes, side: side, skipsUndecodable: undecodable == .skip)
            }
        if let imageSize, source.shape.height != imageSize || source.shape.width != imageSize {
            throw RequestError.otherImageSize(imageSize, source: source.name, own: source.shape)
        }
        return source
    }

    /// The width asked for: a multiplier of the paper's for images, the features of a fully connected stack.
    func width(in architecture: any Architecture) -> Int {
        width ?? (architecture.isOfVectors ? architecture.baseWidth : 1)
    }

    private func baseWidth(of architecture: any Architecture, block: BlockDesign) throws -> Int {
        guard architecture.isOfVectors else { return architecture.baseWidth * width(in: architecture) }
        let features = width(in: architecture)
        guard features % block.expansion == 0 else {
            throw NetworkError.impossibleWidth(
                width: features, reason: "\(block.name) blocks need a multiple of \(block.expansion)")
        }
        return features / block.expansion
    }

    static func find<Value>(
        _ word: String, as kind: String, in values: [Value], _ name: (Value) -> String
    ) throws -> Value {
        if let value = values.first(where: { name($0) == word }) { return value }
        throw VocabularyError.unknown(
            kind: kind, word: word, known: values.map(name),
            closest: ClosestMatch.find(word, in: values.map(name)))
    }
}
