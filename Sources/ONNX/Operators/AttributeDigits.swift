/// The digits of attributes beyond single precision, which is ONNX's for numbers of attributes: ε = 10⁻⁵ is
/// 9.99999975e−06 there.
///
/// They stand in the node's metadata under “propagate.” and the attribute's name, where other programs pass them over. They
/// only refine: what does not round to the attribute is passed over here too.
enum AttributeDigits {
    /// The metadata of a number; none of one that single precision holds.
    static func metadata(_ name: String, _ number: Double) -> [String: String] {
        Double(Float(number)) == number || number.isNaN ? [:] : [key(name): "\(number)"]
    }

    /// An attribute with the digits that its node says.
    static func number(_ name: String, _ value: Float, of node: FileNode) -> Double {
        guard let number = node.metadata[key(name)].flatMap(Double.init), Float(number) == value else {
            return Double(value)
        }
        return number
    }

    private static func key(_ name: String) -> String { "propagate.\(name)" }
}
