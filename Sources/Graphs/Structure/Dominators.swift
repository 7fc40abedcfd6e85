/// For every value on the signal's path, the last one before it that every way from the inputs passes: its immediate
/// dominator (Cooper, Harvey and Kennedy, 2001; in an acyclic graph one pass in the order of computation finds them).
struct Dominators {
    /// `nil` for values without one: inputs, and what several inputs reach by ways of their own.
    private(set) var immediate: [Graph.ValueID?]
    private var depth: [Int]

    init(of path: SignalPath) {
        let count = path.graph.nodes.count
        immediate = Array(repeating: nil, count: count)
        // Of an imagined source before all inputs: 0.
        depth = Array(repeating: 1, count: count)
        for id in 0..<count where path.carries(id) {
            let operands = path.signalOperands(of: id).map(\.value)
            guard let first = operands.first else { continue }
            var common: Graph.ValueID? = first
            for operand in operands.dropFirst() { common = self.common(common, operand) }
            immediate[id] = common
            depth[id] = (common.map { depth[$0] } ?? 0) + 1
        }
    }

    /// The last value that dominates two.
    func common(_ a: Graph.ValueID?, _ b: Graph.ValueID?) -> Graph.ValueID? {
        var (a, b) = (a, b)
        while a != b {
            guard let left = a, let right = b else { return nil }
            if depth[left] >= depth[right] { a = immediate[left] } else { b = immediate[right] }
        }
        return a
    }

    /// Whether every way to a value passes another, or it is that value.
    func dominates(_ a: Graph.ValueID, _ b: Graph.ValueID) -> Bool {
        var current: Graph.ValueID? = b
        while let value = current, value >= a {
            if value == a { return true }
            current = immediate[value]
        }
        return false
    }
}
