/// The nodes that an output needs, each behind those that make its operands. What is in order stays in the order given.
struct NodeOrder {
    typealias Scoped = FunctionInlining.Scoped

    private(set) var nodes: [Scoped] = []
    private let given: [Scoped]
    private let file: String
    /// The node that makes a value, by the value's name.
    private var makers: [String: Int] = [:]
    private var state: [State]

    private enum State { case needless, untouched, begun, done }

    /// - Throws: `ModelReadingError`: two nodes that make one value, a value that depends on itself.
    init(_ given: [Scoped], for output: String, file: String) throws(ModelReadingError) {
        self.given = given
        self.file = file
        state = [State](repeating: .needless, count: given.count)
        for (place, scoped) in given.enumerated() {
            for name in scoped.node.outputs where !name.isEmpty {
                guard makers.updateValue(place, forKey: name) == nil else {
                    throw .madeTwice(name, file: file)
                }
            }
        }
        markNeeded(for: output)
        for place in given.indices { try append(place) }
    }

    private func makers(of place: Int) -> [Int] { given[place].node.inputs.compactMap { makers[$0] } }

    private mutating func markNeeded(for output: String) {
        var open = [makers[output]].compactMap(\.self)
        while let place = open.popLast() {
            guard state[place] == .needless else { continue }
            state[place] = .untouched
            open += makers(of: place)
        }
    }

    /// Depth first, without recursion: files may be deep.
    private mutating func append(_ first: Int) throws(ModelReadingError) {
        var open = [first]
        while let place = open.last {
            let missing = makers(of: place).filter { state[$0] == .untouched || state[$0] == .begun }
            if state[place] == .done || state[place] == .needless {
                open.removeLast()
            } else if missing.isEmpty {
                nodes.append(given[place])
                state[place] = .done
                open.removeLast()
            } else if missing.contains(where: { state[$0] == .begun || $0 == place }) {
                throw .cycle(label: given[place].label, file: file)
            } else {
                state[place] = .begun
                open += missing.reversed()
            }
        }
    }
}
