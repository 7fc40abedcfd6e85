internal import CGSL

/// The GNU Scientific Library that computes.
public enum NumericalLibrary {
    /// Such as "2.7.1".
    public static var version: String { String(cString: cgsl_version()) }
}
