import Files

/// Why a configuration cannot be used.
public enum ConfigurationError: InputFileFailure, Equatable, CustomStringConvertible {
    case unreadable(String, reason: String)
    case tooLong(String, bytes: Int, limit: Int)
    /// Values within values: `limit` levels are read.
    case tooDeep(String, line: Int, limit: Int)
    /// A byte, counted from 0, and its line, counted from 1.
    case notText(String, line: Int, byte: Int, reason: String)
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

    public static func fileMissing(_ path: String) -> Self {
        .unreadable(path, reason: "No such file or directory")
    }

    /// Whether a file is to blame, rather than the command line.
    public var isOfFile: Bool {
        switch self {
        case .unknownOption, .missingValue, .unexpectedValue: false
        default: true
        }
    }

    public var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "\(path) cannot be read: \(reason)." + HomeAbbreviation.note(on: path)
        case .tooLong(let path, let bytes, let limit):
            "\(path) is \(bytes) bytes long, and at most \(limit) are read here: is it the file you mean?"
        case .tooDeep(let path, let line, let limit):
            "\(Self.place(path, line)): values are nested more than \(limit) levels deep."
        case .notText(let path, let line, let byte, let reason):
            "\(Self.place(path, line)): at byte \(byte) \(reason); save it as UTF-8 text."
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
