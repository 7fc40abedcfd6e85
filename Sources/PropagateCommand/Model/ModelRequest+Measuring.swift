import Analysis
import Conformance
import Kernels
import Limits
import ONNX
import Reporting
import Tensors

extension ModelRequest {
    /// Measures and reports.
    func measure<Scalar: KernelScalar>(
        in precision: Scalar.Type, reportingTo outputs: ResultWriter
    ) throws -> RunOutcome {
        try ComputeTeam.adopt(run.threadCount)
        let prepared = try prepared(in: precision)
        let analysis = analysis(of: prepared)
        outputs.announce(analysis.cost)
        let bar = ProgressBar(total: analysis.progressTotal)
        defer { bar.finish() }
        var result = try analysis.run { bar.advance() }
        bar.finish()
        result.remarks = prepared.inspection.listing.remarks + prepared.remarks
        let manifest = RunManifest(of: self, on: prepared.data)
        let findings = judge(result, manifest: manifest)
        try outputs.write(result, manifest: manifest, assertions: findings)
        return RunOutcome(
            checksHold: result.allChecksHold, isComplete: result.isComplete, assertions: findings)
    }

    func analysis<Scalar: KernelScalar>(of prepared: PreparedModel<Scalar>) -> SignalAnalysis<Scalar> {
        SignalAnalysis(
            prepared.subject,
            options: AnalysisOptions(
                probes: run.probe, seed: run.seed, measurements: measurements, comparesWithTheory: true,
                measuresSums: true))
    }

    private func judge(_ result: AnalysisResult, manifest: RunManifest) -> [AssertionFinding] {
        guard !assertions.isEmpty else { return [] }
        let report = JSONReport.value(result, manifest: manifest)
        return assertions.map { $0.judge(report) }
    }

    /// What was found, and what measuring it will take.
    func inspection<Scalar: KernelScalar>(in precision: Scalar.Type) throws -> InspectionReport {
        try ComputeTeam.adopt(run.threadCount)
        let prepared = try prepared(in: precision, labelled: false)
        let analysis = analysis(of: prepared)
        let parameters = prepared.subject.parameters.reduce(0) { $0 + $1.count }
        let cost = analysis.cost
        let rate = MultiplicationRate(in: precision)
        return InspectionReport(
            file: .init(
                name: name, producer: file.producer, irVersion: file.irVersion,
                operatorSet: file.operatorSets[""] ?? 0, parameters: parameters,
                parameterBytes: file.graph.initializers.reduce(0) {
                    $0 + $1.shape.count * ($1.type.width ?? 0)
                }),
            inputs: prepared.inputs.map { declared, shape in
                .init(
                    name: declared.name, kind: declared.kindWord, declared: declared.extentsText,
                    shape: shape.axes)
            },
            normalization: options.normalization.rawValue, loss: options.loss, model: prepared.inspection,
            remarks: prepared.inspection.listing.remarks + prepared.remarks,
            cost: .init(
                memory: cost.memory,
                recomputing: cost.checkpointing == .alternateRows ? nil : cost.checkpointing.words,
                seconds: rate.seconds(of: analysis), multiplyAddsPerSecond: rate.perSecond),
            manifest: RunManifest(of: self, on: prepared.data))
    }
}

extension ModelRequest {
    /// What the model is made of, and what in it is rarely meant.
    func structure<Scalar: KernelScalar>(in precision: Scalar.Type) throws -> StructureReport {
        try ComputeTeam.adopt(run.threadCount)
        let prepared = try prepared(in: precision, labelled: false)
        return StructureReport(
            name: name, structure: try prepared.structure(),
            remarks: prepared.inspection.listing.remarks + prepared.remarks,
            manifest: RunManifest(of: self, on: prepared.data))
    }
}

extension PreparedModel {
    func structure() throws -> ModelStructure {
        let arguments = try subject.arguments()
        return ModelStructure(
            subject.model,
            parameters: Dictionary(uniqueKeysWithValues: subject.parameters.map { ($0.value, $0.count) }),
            numbers: ModelNumbers { (arguments.parameters[$0] ?? arguments.buffers[$0])?.doubles })
    }
}

extension FileValue {
    fileprivate var kindWord: String {
        switch type?.kind {
        case .whole: "whole"
        case .condition: "condition"
        default: "real"
        }
    }
}
