extension Int {
    /// The nearest whole number towards 0, or the end of the range that lies nearest; 0 for what is no number.
    ///
    /// For values that were measured or typed: `Int(_:)` ends the program where they do not fit.
    public init(saturating value: Double) {
        // Double(Int.max) is 2^63, one more than there is.
        self =
            value.isNaN ? 0 : value >= Double(Int.max) ? .max : value <= Double(Int.min) ? .min : Int(value)
    }
}
