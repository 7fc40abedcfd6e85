import Tensors

/// The shapes of a model's inputs on a batch that is still to be made.
public struct InputShapes: Sendable {
    /// By input.
    public private(set) var shapes: [String: Shape] = [:]

    /// - Parameters:
    ///   - inputs: those that are needed.
    ///   - sizes: of extents that the file leaves open, by their names, or as INPUT[AXIS] where they have none.
    ///   - batch: of first axes that the file and `sizes` leave open.
    /// - Throws: `InputShapeError`.
    public init(of inputs: [FileValue], sizes: [String: Int], batch: Int) throws(InputShapeError) {
        var unused = Set(sizes.keys)
        var batchName: String?
        for input in inputs {
            guard let extents = input.extents else { throw .noRank(input.name) }
            guard extents.count <= Shape.greatestRank else { throw .tooManyAxes(input.name, extents.count) }
            var axes: [Int] = []
            for (axis, extent) in extents.enumerated() {
                let place = "\(input.name)[\(axis)]"
                let name = if case .symbol(let symbol) = extent { symbol } else { place }
                if case .fixed(let size) = extent {
                    if let other = sizes[place], other != size { throw .fixed(place, size: size) }
                    unused.remove(place)
                    axes.append(size)
                } else if let size = sizes[name] ?? sizes[place] {
                    unused.subtract([name, place])
                    axes.append(size)
                } else if axis == 0 {
                    batchName = name
                    axes.append(batch)
                } else if name == batchName {
                    axes.append(batch)
                } else {
                    throw .open(name, input: input.name, wanted: input.extentsText)
                }
            }
            guard Self.isCountable(axes) else { throw .tooLarge(input.name, axes) }
            shapes[input.name] = Shape(axes: axes)
        }
        if let name = unused.sorted().first {
            throw .noSuchExtent(name, open: Self.open(in: inputs))
        }
    }

    private static func isCountable(_ axes: [Int]) -> Bool {
        var count = 1
        for extent in axes {
            let (product, overflows) = count.multipliedReportingOverflow(by: max(1, extent))
            guard extent >= 0, !overflows, product <= Int.max / 16 else { return false }
            count = product
        }
        return true
    }

    private static func open(in inputs: [FileValue]) -> [String] {
        var names: [String] = []
        for input in inputs {
            for (axis, extent) in (input.extents ?? []).enumerated() {
                let name: String? =
                    switch extent {
                    case .fixed: nil
                    case .symbol(let symbol): symbol
                    case .unknown: "\(input.name)[\(axis)]"
                    }
                if let name, !names.contains(name) { names.append(name) }
            }
        }
        return names
    }
}

/// Why a model's inputs have no shapes.
public enum InputShapeError: Error, Equatable, CustomStringConvertible {
    case open(String, input: String, wanted: String)
    case noRank(String)
    case tooManyAxes(String, Int)
    case tooLarge(String, [Int])
    case fixed(String, size: Int)
    case noSuchExtent(String, open: [String])

    public var description: String {
        switch self {
        case .open(let name, let input, let wanted):
            "the extent \(name) of the input \(input) \(wanted) is open; set it, as in --dim '\(name)=8', or give a "
                + "--batch-file"
        case .noRank(let input): "the file does not say the shape of the input \(input); give a --batch-file"
        case .tooManyAxes(let input, let count):
            "the input \(input) has \(count) axes, and \(Shape.greatestRank) can be"
        case .tooLarge(let input, let axes):
            "the input \(input) would be \(axes), which has more elements than can be"
        case .fixed(let place, let size): "\(place) is \(size) in the file and cannot be set with --dim"
        case .noSuchExtent(let name, let open):
            open.isEmpty
                ? "--dim sets \(name), and the file leaves no extent open"
                : "--dim sets \(name), which no input has; open are \(open.joined(separator: ", "))"
        }
    }
}
