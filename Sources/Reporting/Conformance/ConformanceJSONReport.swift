import Conformance

/// A configuration's layers and differences as JSON.
public enum ConformanceJSONReport {
    /// Changes when a key is renamed, removed or given another meaning.
    public static let schemaVersion = "conformance-2.0"

    public static func text(_ report: ConformanceReport, manifest: RunManifest) -> String {
        fields.object(of: Subject(report: report, manifest: manifest)).text
    }

    struct Subject: Sendable {
        let report: ConformanceReport
        let manifest: RunManifest
    }

    static let fields: [ReportField<Subject>] =
        [
            .constant("schema_version", "Version of this document's structure.", schemaVersion),
            .object("manifest", "The run, enough to repeat it.", JSONReport.manifestFields) { $0.manifest },
        ] + reportFields.map { $0.on(\.report) }

    private static let reportFields: [ReportField<ConformanceReport>] = [
        .object("configuration", "The words that name it.", configurationFields) { $0.configuration },
        .integer("units", "L, the number of residual units.") { $0.listing.units.count },
        .integer("parameters", "Trainable parameters.") { $0.listing.parameters },
        .integer("multiply_adds", "Of one image's forward pass, in the convolutions.") {
            $0.listing.multiplyAdds
        },
        .object(
            "choices", "What implementations choose differently; null where it does not arise.", choiceFields
        ) { $0.choices },
        .rows("layers", "Every layer, in the order of computation.", layerFields) { $0.listing.layers },
        .rows("conventions", "The configuration beside named conventions.", conventionFields) {
            $0.comparisons
        },
        .rows("published", "Parameters of the depths that the paper reports.", publishedFields) { report in
            report.published.map {
                Published(count: $0, conventions: report.comparisons.map(\.convention.name))
            }
        },
    ]

    /// Parameter counts with the conventions that they are in the order of.
    private struct Published: Sendable {
        let count: PublishedCount
        let conventions: [String]
    }

    private static let configurationFields: [ReportField<Configuration>] = [
        .string("architecture", "cifar, imagenet or dense.") { $0.architecture },
        .integer("depth", "Weighted layers, as the paper counts them.") { $0.depth },
        .string("block", "Layers of the residual branch.") { $0.block },
        .string("unit", "Layout of the residual unit (Fig. 4).") { $0.unit },
        .string("shortcut", "The shortcut h (Fig. 2).") { $0.shortcut },
        .rows("functions", "Functions that formulas give it.", JSONReport.functionFields) { $0.functions },
        .integer("classes", "Outputs of the classifier.") { $0.classes },
        .integers("image", "Channels, height and width of an image.") { [$0.channels, $0.height, $0.width] },
    ]

    private static let choiceFields: [ReportField<Choices>] = Aspect.allCases.map { aspect in
        .optionalWord(aspect.rawValue, aspect.title) { $0[aspect] }
    }

    private static let layerFields: [ReportField<LayerRecord>] = [
        .string("name", "Name under which its parameters are exported.") { $0.name },
        .optionalInteger("unit", "l of its residual unit; null in the stem and the head.") { $0.unit },
        .word(
            "part", "Where it stands; both: computed once, read by branch and shortcut.",
            of: LayerRecord.Part.allCases.map(\.rawValue)
        ) { $0.part.rawValue },
        .string(
            "kind", "convolution, linear, normalization, rectifier, or the ONNX operator of any other."
        ) { $0.kind.identifier },
        .optionalInteger("kernel", "Side of the filter or pooling window; null where there is none.") {
            $0.kernel
        },
        .integer("stride", "Stride.") { $0.stride },
        .integer("input_channels", "Channels that it reads.") { $0.input.channels },
        .integer("output_channels", "Channels that it writes.") { $0.output.channels },
        .integer("height", "Height of its output, in elements.") { $0.output.height },
        .integer("width", "Width of its output, in elements.") { $0.output.width },
        .integer("parameters", "Trainable parameters that no layer before it has.") { $0.parameters },
        .integer("multiply_adds", "Of one image's forward pass.") { $0.multiplyAdds },
    ]

    private static let conventionFields: [ReportField<ConformanceReport.Comparison>] = [
        .string("name", "The word for it.") { $0.convention.name },
        .string("source", "What it is, and where it can be read.") { $0.convention.source },
        .rows("differences", "The choices made differently.", differenceFields) { $0.differences },
        .optionalInteger("parameters", "Of its network of this depth, block and unit; null for none.") {
            $0.parameters
        },
        .stringsByName("training", "How it trains.") { comparison in
            Dictionary(comparison.convention.recipe.rows.map { ($0.key, $0.text) }) { $1 }
        },
    ]

    private static let differenceFields: [ReportField<ConformanceReport.Difference>] = [
        .word("aspect", "The choice.", of: Aspect.allCases.map(\.rawValue)) { $0.aspect.rawValue },
        .string("here", "As this configuration makes it.") { $0.here },
        .string("there", "As the convention makes it.") { $0.there },
    ]

    private static let publishedFields: [ReportField<Published>] = [
        .integer("depth", "Weighted layers.") { $0.count.depth },
        .string("block", "Layers of the residual branch.") { $0.count.block },
        .string("unit", "Layout of the residual unit.") { $0.count.unit },
        .integersByName("parameters", "By convention; null where it offers no such network.") { row in
            zip(row.conventions, row.count.counts).map { ($0, $1) }
        },
    ]
}
