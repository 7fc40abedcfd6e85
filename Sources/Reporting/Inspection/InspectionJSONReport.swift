import Analysis
import Graphs

/// What was found in a model of a file, as JSON. Values are named as the file names its tensors.
public enum InspectionJSONReport {
    /// Changes when a key is renamed, removed or given another meaning.
    public static let schemaVersion = "inspection-1.0"

    public static func text(_ report: InspectionReport) -> String { fields.object(of: report).text }

    static let fields: [ReportField<InspectionReport>] = [
        .constant("schema_version", "Version of this document's structure.", schemaVersion),
        .object("manifest", "The run, enough to repeat it.", JSONReport.manifestFields) { $0.manifest },
        .object("file", "What the file says of itself.", fileFields) { $0.file },
        .rows("inputs", "Inputs that the output depends on.", inputFields) { $0.inputs },
        .string("output", "The value that the loss is taken of.") { $0.model.output },
        .integers("output_shape", "Its extents.") { $0.model.outputShape.axes },
        .word(
            "batch_normalization", "What batch normalisations on the signal go by.",
            of: ["file", "running", "batch"]
        ) { $0.normalization },
        .string("loss", "cross-entropy, or cotangent:SEED.") { $0.loss },
        .rows("units", "Residual units of the stack that is reported, in order.", unitFields) {
            $0.model.units
        },
        .rows("rows", "x_l, l = 0 … L.", rowFields) { $0.model.rows },
        .strings("stem", "Operators before x_0, in the order of computation.") { $0.model.stem.names },
        .strings("head", "Operators behind x_L.") { $0.model.head.names },
        .rows("stacks", "Units of one level that lie within the same ones; --stack chooses.", stackFields) {
            $0.model.stacks
        },
        .rows("rejected", "Sums of signals that are no units.", rejectedFields) { $0.model.listing.rejected },
        .rows("operators", "Operators of the graph as it is evaluated.", operatorFields) {
            $0.model.operators
        },
        .strings("remarks", "What the file is, and what a measurement leaves out, in sentences.") {
            $0.remarks
        },
        .integer("multiply_adds_forward", "Of one forward pass on the batch.") {
            $0.model.multiplyAdds.forward
        },
        .object("cost", "What measuring it will take.", costFields) { $0.cost },
    ]

    private static let fileFields: [ReportField<InspectionReport.File>] = [
        .string("name", "The file's name.") { $0.name },
        .string("producer", "Who wrote it.") { $0.producer },
        .integer("ir_version", "Version of the format.") { $0.irVersion },
        .integer("operator_set", "Version of ONNX's operators.") { $0.operatorSet },
        .integer("parameters", "Learned numbers.") { $0.parameters },
        .integer("parameter_bytes", "Bytes that they take in the file.") { $0.parameterBytes },
    ]

    private static let inputFields: [ReportField<InspectionReport.Input>] = [
        .string("name", "As the file has it.") { $0.name },
        .word("kind", "Real numbers, whole numbers, or conditions.", of: ["real", "whole", "condition"]) {
            $0.kind
        },
        .string("declared", "Extents as the file has them.") { $0.declared },
        .integers("shape", "Extents on the batch.") { $0.shape },
    ]

    private static let unitFields: [ReportField<ModelInspection.Unit>] = [
        .integer("unit", "l.") { $0.index },
        .string("label", "The module's path, or what is nearest to it.") { $0.label },
        .word("kind", "What h is.", of: ["identity", "weight-free", "projection", "override"]) {
            $0.kind.description
        },
        .strings("shortcut", "Operators of h.") { $0.shortcut.names },
        .strings("branch", "Operators of F.") { $0.branch.names },
        .strings("after", "Operators of f.") { $0.after.names },
        .integer("weight_layers", "Weight layers of F.") { $0.branch.weightLayers },
        .boolean("is_transition", "Whether f holds weight layers.") { $0.isTransition },
        .integers("input_shape", "Extents of x_l.") { $0.input.axes },
        .integers("output_shape", "Extents of y_l.") { $0.output.axes },
        .strings("merges", "Values that are y_l.") { $0.merges },
        .strings("shortcut_operands", "Values by which h enters.") { $0.shortcutOperands },
        .rows("cut_edges", "Edges by which F enters: there d becomes 0 and w becomes g.", cutFields) {
            $0.cuts
        },
    ]

    private static let cutFields: [ReportField<ModelInspection.Cut>] = [
        .string("node_output", "The sum that reads the operand.") { $0.sum },
        .integer("slot", "In which of its operands.") { $0.slot },
        .string("operand", "The value that enters.") { $0.operand },
    ]

    private static let rowFields: [ReportField<ModelInspection.Row>] = [
        .integer("l", "l.") { $0.index },
        .strings("values", "Values that are x_l; several of separate streams.") { $0.values },
        .integers("shape", "Extents of the first of them.") { $0.shape.axes },
        .integer("stage", "Counted from 0; ends where the shape changes and at a transition.") { $0.stage },
    ]

    private static let stackFields: [ReportField<ModelInspection.Stack>] = [
        .integer("stack", "For --stack.") { $0.index },
        .integer("units", "How many.") { $0.units },
        .integer("level", "Units that it lies within.") { $0.level },
        .string("first", "Label of its first unit.") { $0.first },
        .string("last", "Label of its last unit.") { $0.last },
        .boolean("is_reported", "Whether this report is of it.") { $0.isReported },
    ]

    private static let rejectedFields: [ReportField<UnitListing.Rejected>] = [
        .string("label", "Where it stands.") { $0.label },
        .string("merge", "Its result.") { $0.merge },
        .strings("operands", "Its operands.") { $0.operands },
        .string("reason", "Why it is no unit.") { $0.reason.description },
    ]

    private static let operatorFields: [ReportField<ModelInspection.OperatorCount>] = [
        .string("name", "Its name in ONNX.") { $0.name },
        .integer("nodes", "How many.") { $0.nodes },
        .integer("on_signal", "Of them those that the signal passes.") { $0.onSignal },
    ]

    private static let costFields: [ReportField<InspectionReport.Cost>] = [
        .integer("memory", "Peak memory, in bytes.") { $0.memory },
        .optionalWord("recomputing", "What is recomputed so that it fits; null where every x_l is kept.") {
            $0.recomputing
        },
        .number("seconds", "Time, from its multiplications alone.") { $0.seconds },
        .number("multiply_adds_per_second", "The rate that the time follows from, measured on the spot.") {
            $0.multiplyAddsPerSecond
        },
    ]
}
