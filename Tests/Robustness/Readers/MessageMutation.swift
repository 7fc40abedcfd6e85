import FuzzSupport
import NumericalMethods
import ProtocolBuffers

/// Changes to a protocol-buffer message that leave the lengths around them right: what is changed is looked at, where
/// other changes end with the first length.
struct MessageMutation {
    private struct Field {
        let number: Int
        /// Key and value.
        var bytes: [UInt8]
        /// Of a string or message.
        let content: [UInt8]?
    }

    /// Of contents.
    let mutation: Mutation

    /// One change, at any depth.
    func mutated(_ bytes: [UInt8], _ stream: inout RandomStream) -> [UInt8] {
        guard var fields = Self.fields(bytes), !fields.isEmpty else {
            return mutation.mutated(bytes, &stream)
        }
        let place = stream.integer(below: fields.count)
        let field = fields[place]
        switch stream.integer(below: 12) {
        case 0: fields.remove(at: place)
        case 1: fields.insert(field, at: stream.integer(below: fields.count + 1))
        case 2: fields.swapAt(place, stream.integer(below: fields.count))
        case 3: return mutation.mutated(bytes, &stream)
        default: fields[place].bytes = changed(field, &stream)
        }
        return fields.flatMap(\.bytes)
    }

    private func changed(_ field: Field, _ stream: inout RandomStream) -> [UInt8] {
        var message = ProtocolBuffer()
        // Of another field now and then, such as the text of one type under the number of another.
        let number = stream.integer(below: 8) == 0 ? 1 + stream.integer(below: 26) : field.number
        if let content = field.content {
            message.append(number, bytes: mutated(content, &stream))
        } else {
            message.append(number, presentInteger: stream.integer(below: 40) - 2)
        }
        return message.bytes
    }

    /// `nil` of what is no message.
    private static func fields(_ bytes: [UInt8]) -> [Field]? {
        try? bytes.withUnsafeBytes { all in
            var (reader, found) = (MessageReader(all), [MessageField]())
            while let field = try reader.next() { found.append(field) }
            return found.indices.map { index in
                let (field, end) = (
                    found[index], index + 1 < found.count ? found[index + 1].place : bytes.count
                )
                let content = (try? field.range()).map { Array(bytes[$0]) }
                return Field(number: field.number, bytes: Array(bytes[field.place..<end]), content: content)
            }
        }
    }
}
