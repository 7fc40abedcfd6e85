// Attributes by their types. One of another type than the operator's is an error of the file.
extension NodeReading {
    func givenInt(_ name: String) throws -> Int? {
        switch node.attributes[name] {
        case nil: nil
        case .int(let value): value
        default: throw malformed("has an attribute \(name) that is no whole number")
        }
    }

    func int(_ name: String, default usual: Int) throws -> Int { try givenInt(name) ?? usual }

    func flag(_ name: String, default usual: Bool = false) throws -> Bool {
        try int(name, default: usual ? 1 : 0) != 0
    }

    func givenFloat(_ name: String) throws -> Double? {
        switch node.attributes[name] {
        case nil: nil
        case .float(let value): AttributeDigits.number(name, value, of: node)
        default: throw malformed("has an attribute \(name) that is no real number")
        }
    }

    /// - Parameter usual: of single precision, as those that stand in files.
    func float(_ name: String, default usual: Float) throws -> Double {
        try givenFloat(name) ?? Double(usual)
    }

    func givenInts(_ name: String) throws -> [Int]? {
        switch node.attributes[name] {
        case nil: nil
        case .ints(let values): values
        default: throw malformed("has an attribute \(name) that is no list of whole numbers")
        }
    }

    func givenFloats(_ name: String) throws -> [Double]? {
        switch node.attributes[name] {
        case nil: nil
        case .floats(let values): values.map(Double.init)
        default: throw malformed("has an attribute \(name) that is no list of real numbers")
        }
    }

    func givenString(_ name: String) throws -> String? {
        switch node.attributes[name] {
        case nil: nil
        case .string(let value): value
        default: throw malformed("has an attribute \(name) that is no text")
        }
    }

    func string(_ name: String, default usual: String) throws -> String {
        try givenString(name) ?? usual
    }

    /// A choice by its name.
    ///
    /// - Throws: `NodeError.attribute` of a name that stands for none.
    func choice<Choice: RawRepresentable<String>>(_ name: String, default usual: Choice) throws -> Choice {
        guard let value = try givenString(name) else { return usual }
        guard let choice = Choice(rawValue: value) else { throw unsupported(name, value) }
        return choice
    }

    /// - Throws: `NodeError.malformed` where it is left out.
    func required<Value>(_ name: String, _ value: (String) throws -> Value?) throws -> Value {
        guard let value = try value(name) else { throw malformed("has no attribute \(name)") }
        return value
    }

    /// - Throws: `NodeError.attribute` unless a whole number is one of those that something is computed for.
    func require(_ name: String, isOneOf values: [Int], default usual: Int) throws {
        let value = try int(name, default: usual)
        guard values.contains(value) else { throw unsupported(name, value) }
    }
}
