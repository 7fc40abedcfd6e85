extension Operator {
    /// Whether value and derivatives are the toolkit's own, proved by its tests against PyTorch and by differences.
    ///
    /// Told by the module that the type is declared in: two modules of one name cannot be in one program, so no other type
    /// passes for one of these. A formula is not built in, though its operator is: its derivative is found for each anew.
    /// Nor would be a generic operator, which computes what its parameter says.
    public var isBuiltIn: Bool {
        guard !(self is ExpressionOperator) else { return false }
        let name = String(reflecting: type(of: self))
        return name.hasPrefix("Operators.") && !name.contains("<")
    }
}
