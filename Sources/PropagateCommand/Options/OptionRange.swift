import ArgumentParser

/// Refuses numbers outside what an option can take.
enum OptionRange {
    static func require(_ option: String, _ value: Int?, in range: ClosedRange<Int>) throws {
        guard let value, !range.contains(value) else { return }
        if value < range.lowerBound {
            throw ValidationError("\(option) must be at least \(range.lowerBound), not \(value).")
        }
        try require(option, value, atMost: range.upperBound)
    }

    static func require(_ option: String, _ value: Int, atMost greatest: Int) throws {
        guard value > greatest else { return }
        throw ValidationError("\(option) must be at most \(greatest), not \(value).")
    }
}
