/// Why a configuration cannot be used.
public enum ConfigurationError: Error, Equatable, CustomStringConvertible {
    case unreadable(path: String, reason: String)
    case notYAML(path: String, line: Int?, reason: String)
    case notAMapping(path: String)
    case unknownKey(path: String, line: Int, key: String, closest: String?, known: [String])
    case repeatedKey(path: String, line: Int, key: String)
    case noValue(path: String, line: Int, key: String)
    case severalValues(path: String, line: Int, key: String)
    case notAValue(path: String, line: Int, key: String)
    case notATruthValue(path: String, line: Int, key: String, value: String)
    /// The program refuses a value; `reason` is its sentence.
    case refused(path: String, line: Int?, reason: String)
    case unknownOption(word: String, closest: String?)
    case missingValue(option: String)
    case unexpectedValue(option: String)

    /// Whether a file is to blame, rather than the command line.
    public var isOfFile: Bool {
        switch self {
        case .unknownOption, .missingValue, .unexpectedValue: false
        default: true
        }
    }

    public var description: String {
        switch self {
        case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)."
        case .notYAML(let path, let line, let reason):
            "\(Self.place(path, line)): this is no YAML: \(reason)."
        case .notAMapping(let path): "\(path) holds no lines of the form “key: value”."
        case .unknownKey(let path, let line, let key, let closest, let known):
            "\(Self.place(path, line)): unknown key “\(key)”"
                + (closest.map { "; did you mean \($0)?" } ?? ".")
                + " Known are: \(known.joined(separator: ", "))."
        case .repeatedKey(let path, let line, let key):
            "\(Self.place(path, line)): the key “\(key)” stands there a second time."
        case .noValue(let path, let line, let key): "\(Self.place(path, line)): “\(key)” has no value."
        case .severalValues(let path, let line, let key):
            "\(Self.place(path, line)): “\(key)” takes one value here, not a list."
        case .notAValue(let path, let line, let key):
            "\(Self.place(path, line)): “\(key)” needs a value or a list of values."
        case .notATruthValue(let path, let line, let key, let value):
            "\(Self.place(path, line)): “\(key)” is true or false, not “\(value)”."
        case .refused(let path, let line, let reason): "\(Self.place(path, line)): \(reason)"
        case .unknownOption(let word, let closest):
            "Unknown option '\(word)'." + (closest.map { " Did you mean '--\($0)'?" } ?? "")
        case .missingValue(let option): "Missing value for '--\(option)'."
        case .unexpectedValue(let option): "The flag '--\(option)' takes no value."
        }
    }

    private static func place(_ path: String, _ line: Int?) -> String {
        line.map { "\(path), line \($0)" } ?? path
    }
}
