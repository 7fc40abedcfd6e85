import Conformance
import Tensors

/// A model's units, layers and findings as JSON. Values are named as the file names its tensors.
public enum StructureJSONReport {
    /// Changes when a key is renamed, removed or given another meaning.
    public static let schemaVersion = "structure-1.0"

    public static func text(_ report: StructureReport) -> String { fields.object(of: report).text }

    static let fields: [ReportField<StructureReport>] = [
        .constant("schema_version", "Version of this document's structure.", schemaVersion),
        .object("manifest", "The run, enough to repeat it.", JSONReport.manifestFields) { $0.manifest },
        .string("name", "The file's name.") { $0.name },
        .integer("parameters", "Trainable parameters.") { $0.structure.listing.parameters },
        .integer("multiply_adds", "Of one forward pass on the batch.") { $0.structure.listing.multiplyAdds },
        .rows("findings", "What is rarely meant, told and not judged.", findingFields) { $0.findings },
        .rows("units", "Residual units of the stack that is reported, in order.", unitFields) {
            $0.structure.units
        },
        .strings("stem", "Operators before x_0, in the order of computation.") {
            $0.structure.stem.map(\.description)
        },
        .strings("head", "Operators behind x_L.") { $0.structure.head.map(\.description) },
        .rows("layers", "Every layer, in the order of computation.", layerFields) {
            $0.structure.listing.layers
        },
        .strings("remarks", "What the file is, in sentences.") { $0.remarks },
    ]

    private static let findingFields: [ReportField<StructureFinding>] = [
        .word("kind", "What it is.", of: StructureFinding.Kind.allCases.map(\.rawValue)) { $0.kind.rawValue },
        .integers("units", "The units that it is of, by l; none of the stem and the head.") { $0.units },
        .string("label", "Where it is: the module's path, or what is nearest to it.") { $0.label },
        .strings("values", "Values and parameters that it is about.") { $0.values },
        .string("sentence", "The finding in words.") { $0.sentence },
    ]

    private static let unitFields: [ReportField<UnitStructure>] = [
        .integer("unit", "l.") { $0.index },
        .string("label", "The module's path, or what is nearest to it.") { $0.label },
        .word("kind", "What h is.", of: ["identity", "weight-free", "projection", "override"]) {
            $0.kind.description
        },
        .strings("shortcut", "Operators of h, with windows and fixed factors.") {
            $0.shortcut.map(\.description)
        },
        .strings("branch", "Operators of F.") { $0.branch.map(\.description) },
        .strings("after", "Operators of f.") { $0.after.map(\.description) },
        .integer("weight_layers", "Weight layers of F.") { $0.weightLayers },
        .boolean("is_transition", "Whether f holds weight layers.") { $0.isTransition },
        .integer("stage", "Of x_l, counted from 0.") { $0.stage },
        .integers("input_shape", "Extents of x_l.") { $0.input.axes },
        .integers("output_shape", "Extents of y_l.") { $0.output.axes },
        .strings("merges", "Values that are y_l.") { $0.merges },
    ]

    private static let layerFields: [ReportField<LayerRecord>] = [
        .string("name", "The label of its node.") { $0.name },
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
        .integers("input_shape", "Extents of what it reads, on the batch.") { $0.input.axes },
        .integers("output_shape", "Extents of what it writes.") { $0.output.axes },
        .integer("parameters", "Trainable parameters that no layer before it has.") { $0.parameters },
        .integer("multiply_adds", "Of one forward pass on the batch.") { $0.multiplyAdds },
    ]
}
