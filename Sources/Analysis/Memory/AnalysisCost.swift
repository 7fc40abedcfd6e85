import Graphs

/// What an analysis will take, known before it runs.
public struct AnalysisCost: Sendable, Equatable {
    /// Peak memory, in bytes.
    public let memory: Int
    /// What its sweeps recompute, so that it fits.
    public let checkpointing: Checkpointing
    /// Of each measurement beyond the sweeps.
    public let measurements: [MeasurementCost]
}
