import Foundation

/// The scores z of all classes for one label, in memory that is worked in.
struct ClassScores {
    /// First z; after `exponentiate` e^(z − largest); after `subtractOneHot` softmax − one-hot.
    let values: UnsafeMutableBufferPointer<Double>
    private let label: Int
    /// The first of the largest scores.
    private let top: Int
    /// Σ e^(z − largest) over all classes but `top`.
    private var rest = 0.0

    /// - Parameter values: z, of one class or more.
    init(_ values: UnsafeMutableBufferPointer<Double>, label: Int) {
        self.values = values
        self.label = label
        var top = 0
        for index in values.indices where values[top] < values[index] { top = index }
        self.top = top
    }

    /// log of the largest probability of another class, to within log of the number of classes.
    var margin: Double {
        var largest: Double?
        for index in values.indices where index != label {
            if let found = largest, !(found < values[index]) { continue }
            largest = values[index]
        }
        return (largest ?? values[top]) - values[top]
    }

    /// Puts e^(z − largest + shift) in place of z.
    ///
    /// - Returns: −log of the label's probability; of a sure one it is as small as what the others are left.
    mutating func exponentiate(shiftedBy shift: Double = 0) -> Double {
        let (largest, own) = (values[top], values[label])
        for index in values.indices {
            let below = values[index] - largest
            let exponential = exp(below)
            if index != top { rest += exponential }
            values[index] = shift == 0 ? exponential : exp(below + shift)
        }
        return largest - own + log1p(rest)
    }

    /// Turns exponentials into e^shift times softmax − one-hot. The label's element is the others' negative sum: 1 − p would
    /// cancel.
    func subtractOneHot() {
        var others = 0.0
        for index in values.indices where index != label {
            values[index] /= 1 + rest
            others += values[index]
        }
        values[label] = -others
    }
}
