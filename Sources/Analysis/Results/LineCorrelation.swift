import Foundation

/// Cosine of the gradient of one logit between an image a and the points a + t (b − a) of the line to another image b:
/// how far the gradient reaches before it is shattered (Balduzzi et al. 2017, "The Shattered Gradients Problem",
/// section 2). Batch normalisation has the constants of the run's own batch, so that every point stands for itself.
public struct LineCorrelation: Sendable, Equatable {
    /// At one x_l, the mean over the lines.
    public struct Row: Sendable, Equatable {
        /// l.
        public var unit: Int
        /// The mean cosine at every t; `nil` where no line has a gradient at both ends.
        public var cosines: [Double?]

        public init(unit: Int, cosines: [Double?]) {
            self.unit = unit
            self.cosines = cosines
        }
    }

    /// The mean cosine at one x_l and one t.
    public struct Point: Sendable, Equatable {
        /// l.
        public var unit: Int
        /// The place on the line: 0 at a, 1 at b.
        public var t: Double
        public var cosine: Double?
    }

    /// t of every point beside a, ascending.
    public var distances: [Double]
    /// Lines between different pairs of images.
    public var lines: Int
    /// l = 0 … L.
    public var rows: [Row]
    /// The l whose points are reported one by one: x_0 and the first x of every stage.
    public var reportedUnits: [Int]

    public init(distances: [Double], lines: Int, rows: [Row], reportedUnits: [Int]) {
        self.distances = distances
        self.lines = lines
        self.rows = rows
        self.reportedUnits = reportedUnits
    }

    public var points: [Point] {
        reportedUnits.filter(rows.indices.contains).flatMap { unit in
            zip(distances, rows[unit].cosines).map { Point(unit: unit, t: $0, cosine: $1) }
        }
    }

    /// The rows in short.
    public struct Length: Sendable, Equatable {
        /// l.
        public var unit: Int
        public var nearestCosine: Double?
        public var farthestCosine: Double?
        /// `LineCorrelation.correlationLength(_:)`.
        public var correlationLength: Double?
    }

    public var lengths: [Length] {
        rows.map { row in
            Length(
                unit: row.unit, nearestCosine: row.cosines.first ?? nil,
                farthestCosine: row.cosines.last ?? nil, correlationLength: correlationLength(row))
        }
    }

    /// The t at which the mean cosine first falls to 1/e, between points by log t; `nil` where it stays above, and the
    /// nearest point's t where it is below from there on.
    public func correlationLength(_ row: Row) -> Double? {
        let threshold = 1 / M_E
        var above: (t: Double, cosine: Double)?
        for (t, cosine) in zip(distances, row.cosines) {
            guard let cosine else { return nil }
            guard cosine > threshold else {
                guard let above else { return t }
                let part = (above.cosine - threshold) / (above.cosine - cosine)
                return above.t * pow(t / above.t, part)
            }
            above = (t, cosine)
        }
        return nil
    }

    var scalars: [NamedScalar] {
        [
            NamedScalar("line_correlation_length", lengths.first?.correlationLength),
            NamedScalar("line_correlation_nearest", lengths.first?.nearestCosine),
            NamedScalar("line_correlation_farthest", lengths.first?.farthestCosine),
        ]
    }
}
