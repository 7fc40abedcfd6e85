/// ∂E/∂x_l by the number k of residual branches that the gradient passed through on its way from x_L:
/// g_l = Σ_k G_l^(k), with G_l^(0) = d_l.
///
/// Shares are of Σ_k ‖G_l^(k)‖²: paths of different length are nearly uncorrelated, so that squared norms nearly
/// add up to ‖g_l‖². Mean and deviation of the length take these shares as weights.
public struct PathLengthSpectrum: Sendable, Equatable {
    /// The distribution of lengths at one x_l, in short.
    public struct Row: Sendable, Equatable {
        /// l.
        public var unit: Int
        /// Mean length in units; `nil` where more than a hundredth lies in lengths that were not followed.
        public var mean: Double?
        public var standardDeviation: Double?
        /// Of mean and deviation: 0 where no gradient arrives, and not measured where lengths were not followed.
        public var status: MeasurementStatus
        /// Lengths that were followed here.
        public var lengths: Int
        /// Share of what was not followed: longer paths, and lengths of no weight.
        public var restShare: Double

        public init(
            unit: Int, mean: Double?, standardDeviation: Double?, status: MeasurementStatus = .measured,
            lengths: Int, restShare: Double
        ) {
            self.unit = unit
            self.mean = mean
            self.standardDeviation = standardDeviation
            self.status = status
            self.lengths = lengths
            self.restShare = restShare
        }
    }

    /// One length at one x_l.
    public struct Length: Sendable, Equatable {
        /// l.
        public var unit: Int
        /// k, the number of branches passed.
        public var length: Int
        /// log10 ‖G_l^(k)‖.
        public var log10: Double
        /// ‖G_l^(k)‖² / Σ_k ‖G_l^(k)‖².
        public var share: Double

        public init(unit: Int, length: Int, log10: Double, share: Double) {
            self.unit = unit
            self.length = length
            self.log10 = log10
            self.share = share
        }
    }

    /// Longer paths are counted together.
    public var greatestLength: Int
    /// A length with a smaller share of the gradient is no longer followed.
    public var smallestShare: Double
    /// One row per x_l, l = 0 … L.
    public var rows: [Row]
    /// Every length followed, at x_0 and at the first x of every stage.
    public var distributions: [Length]
    /// The largest ‖g_l − Σ_k G_l^(k)‖ / ‖g_l‖ at these x_l.
    public var sumError: Double?
    /// The largest ‖G_l^(0) − d_l‖ / ‖d_l‖ at these x_l, where length 0 was followed.
    public var directError: Double?

    public init(
        greatestLength: Int, smallestShare: Double, rows: [Row] = [], distributions: [Length] = [],
        sumError: Double? = nil, directError: Double? = nil
    ) {
        self.greatestLength = greatestLength
        self.smallestShare = smallestShare
        self.rows = rows
        self.distributions = distributions
        self.sumError = sumError
        self.directError = directError
    }
}

extension PathLengthSpectrum {
    var scalars: [NamedScalar] {
        [
            NamedScalar("path_length_mean", rows.first?.mean),
            NamedScalar("path_length_deviation", rows.first?.standardDeviation),
            NamedScalar("path_length_rest_share", rows.first?.restShare),
            NamedScalar("path_length_sum_error", sumError),
            NamedScalar("path_length_direct_error", directError),
        ]
    }
}
