internal import CGSL

/// Why a numerical method gave no result, in one sentence that says what to change.
public enum NumericalError: Error, Equatable, Sendable {
    /// Fewer values than the method needs.
    case tooFewValues(operation: String, needed: Int, found: Int)
    /// A value that is NaN or infinite.
    case notFinite(operation: String, index: Int, value: Double)
    /// Two sizes that must agree.
    case sizeMismatch(operation: String, expected: Int, found: Int)
    /// An argument outside the method's domain.
    case invalidArgument(operation: String, requirement: String)
    /// GSL reported a failure: its status code and its own words for it.
    case failed(operation: String, code: Int, reason: String)
}

extension NumericalError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .tooFewValues(let operation, let needed, let found):
            "\(operation) needs at least \(needed) value\(needed == 1 ? "" : "s") and got \(found)"
        case .notFinite(let operation, let index, let value):
            "\(operation) needs finite numbers and got \(value) at index \(index)"
        case .sizeMismatch(let operation, let expected, let found):
            "\(operation) expected \(expected) values and got \(found)"
        case .invalidArgument(let operation, let requirement):
            "\(operation) needs \(requirement)"
        case .failed(let operation, _, let reason):
            "\(operation) failed: \(reason)"
        }
    }
}

extension NumericalError {
    /// Turns a status code of GSL into an error.
    static func check(_ status: Int32, _ operation: @autoclosure () -> String) throws(NumericalError) {
        guard status != Int32(GSL_SUCCESS) else { return }
        throw .failed(
            operation: operation(), code: Int(status), reason: String(cString: gsl_strerror(status)))
    }

    /// Refuses NaN and infinities, which most of GSL would pass on in silence.
    static func requireFinite(_ values: [Double], _ operation: String) throws(NumericalError) {
        if let index = values.firstIndex(where: { !$0.isFinite }) {
            throw .notFinite(operation: operation, index: index, value: values[index])
        }
    }

    /// A failed allocation inside GSL, which answers with a null pointer.
    static func outOfMemory(_ operation: String) -> NumericalError {
        .failed(
            operation: operation, code: GSL_ENOMEM,
            reason: String(cString: gsl_strerror(Int32(GSL_ENOMEM))))
    }
}
