internal import CGSL

/// Lends a Swift closure to GSL for the length of a call.
final class GSLFunction {
    private let body: (Double) -> Double

    init(_ body: @escaping (Double) -> Double) {
        self.body = body
    }

    func lend<Result>(
        _ use: (UnsafeMutablePointer<gsl_function>) throws(NumericalError) -> Result
    ) throws(NumericalError) -> Result {
        var function = gsl_function(
            function: { x, context in
                guard let context else { return .nan }
                return Unmanaged<GSLFunction>.fromOpaque(context).takeUnretainedValue().body(x)
            },
            params: Unmanaged.passUnretained(self).toOpaque())
        defer { withExtendedLifetime(self) {} }
        return try use(&function)
    }
}
