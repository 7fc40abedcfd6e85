/// Why an array is not read, before it is known which of which file it is.
enum ArrayRefusal: Error, Equatable {
    /// What the array does that its format does not allow.
    case malformed(String)
    /// What it holds instead of numbers.
    case otherNumbers(String)
}

extension ArrayError {
    init(_ refusal: ArrayRefusal, of name: String, _ path: String) {
        self =
            switch refusal {
            case .malformed(let reason): .malformed(name, path: path, reason: reason)
            case .otherNumbers(let note): .otherNumbers(name, path: path, note: note)
            }
    }
}
