/// Why bytes are no protocol-buffer message, as the end of a sentence that begins with what they are. Places are
/// counted in bytes from the start.
public enum MessageError: Error, Equatable, CustomStringConvertible {
    /// A number of more than ten bytes, or one that the message ends in.
    case badNumber(at: Int)
    /// A key that names no field.
    case badKey(at: Int)
    /// A field of a layout that is no longer in use.
    case group(field: Int, at: Int)
    /// A value that goes on behind the end of its message.
    case tooShort(field: Int, at: Int, wanted: UInt64, left: Int)
    /// A value that is laid out as the field's type is not.
    case wrongLayout(field: Int, at: Int)
    case notText(field: Int, at: Int)
    /// Messages within messages, without end.
    case tooDeep(at: Int)

    public var description: String {
        switch self {
        case .badNumber(let place): "the number at byte \(place) has no end"
        case .badKey(let place): "byte \(place) begins no field"
        case .group(let field, let place):
            "field \(field) at byte \(place) is a group, and groups are not read"
        case .tooShort(let field, let place, let wanted, let left):
            "field \(field) at byte \(place) claims \(wanted) bytes and \(left) are left"
        case .wrongLayout(let field, let place):
            "field \(field) at byte \(place) is not laid out as a value of its type"
        case .notText(let field, let place): "field \(field) at byte \(place) is no text in UTF-8"
        case .tooDeep(let place):
            "the message at byte \(place) lies within more than \(MessageReader.greatestDepth) others"
        }
    }
}
