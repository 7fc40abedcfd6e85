/// How a field's value is laid out (protobuf.dev, “Encoding”). Groups, the wire types 3 and 4, are of no message that
/// is written today.
enum WireType: UInt64 {
    case variable = 0
    case eightBytes = 1
    case delimited = 2
    case fourBytes = 5
}
