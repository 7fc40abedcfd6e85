/// Lines that begin with the sign of an outcome.
extension TerminalStyle {
    /// ✓ where something holds, ✗ where it fails, – where it cannot be said.
    func sign(_ holds: Bool?) -> String {
        switch holds {
        case true?: paint(either("✓", "+"), .good)
        case false?: paint(either("✗", "X"), .bad)
        case nil: paint(either("–", "-"), .quiet)
        }
    }

    /// The sign, a head that names what is judged, and words that go on below their own beginning.
    func item(_ holds: Bool?, _ head: String, _ words: String, indent: String = " ") -> [String] {
        // A head that takes more than a third of the line has its words below it too.
        let lines =
            3 * head.count <= width
            ? TextLayout.hanging("\(indent)  \(head)", shown(words), width: width)
            : TextLayout.wrap(head + shown(words), width: width, indent: "\(indent)  ")
        // The sign comes last: its colour must not count as columns.
        return ["\(indent)\(sign(holds)) " + lines[0].dropFirst(indent.count + 2)] + lines.dropFirst()
    }
}
