import Tensors

/// One row of a table of the paper: a network, and the test error that was published for it.
public struct PaperRow: Sendable, Equatable, Codable {
    /// What the paper trained it on.
    public enum DataSet: String, Sendable, Codable {
        case cifar10 = "CIFAR-10"
        case cifar100 = "CIFAR-100"
    }

    /// What the paper prints.
    public enum Published: Sendable, Codable, Equatable {
        /// The test error, in percent.
        case error(percent: Double)
        /// “fail”: a test error of more than 20 %.
        case fails
        /// Nothing: the row is not in the table.
        case untold

        /// For orders: a failure is worse than every error; `nil` where nothing is told.
        public var order: Double? {
            switch self {
            case .error(let percent): percent
            case .fails: .greatestFiniteMagnitude
            case .untold: nil
            }
        }
    }

    public var table: PaperTable
    /// The shortcut in the command line's words.
    public var shortcut: String
    /// The unit's, the block's name.
    public var unit: String
    public var block: String
    public var depth: Int
    public var dataSet: DataSet
    public var published: Published
    /// Where the paper says so, such as `Fig. 2(b)`.
    public var place: String

    public init(
        table: PaperTable, shortcut: String = "identity", unit: UnitLayout, block: BlockDesign = .basic,
        depth: Int = 110, dataSet: DataSet = .cifar10, published: Published, place: String
    ) {
        self.table = table
        self.shortcut = shortcut
        self.unit = unit.name
        self.block = block.name
        self.depth = depth
        self.dataSet = dataSet
        self.published = published
        self.place = place
    }

    /// What sets it apart within its table.
    public var name: String {
        switch table {
        case .table1: shortcut
        case .table2, .table3:
            // As the paper says of its single-layer blocks; other blocks are told by their depth unless it was changed.
            "\(unit) \(depth)\(isUsualBlock ? "" : block == BlockDesign.single.name ? " (1-layer)" : " (\(block))")"
        }
    }

    private var isUsualBlock: Bool {
        block == (try? CIFARArchitecture().defaultBlock(depth: depth))?.name
    }

    /// The network alone: rows of one identity are one network.
    public var identity: String { "\(unit).\(block).\(depth).\(shortcut)" }

    /// - Throws: `NetworkError.impossibleDepth`, `VocabularyError`.
    public func design(input: Shape, classes: Int, baseWidth: Int) throws -> NetworkDesign {
        let architecture = CIFARArchitecture()
        guard let block = BlockDesign.paper.first(where: { $0.name == block }),
            let layout = UnitLayout.paper.first(where: { $0.name == unit })
        else {
            throw VocabularyError.unknown(
                kind: "network", word: identity, known: UnitLayout.paper.map(\.name), closest: nil)
        }
        return NetworkDesign(
            architecture: architecture, block: block,
            unitsPerStage: try architecture.unitsPerStage(depth: depth, block: block), layout: layout,
            shortcut: try ShortcutVocabulary.paper.shortcut(for: shortcut), baseWidth: baseWidth,
            classes: classes, input: input)
    }
}

extension PaperRow {
    /// Whether it is of networks with this shortcut. Exclusive gates fail “from 0 to −5”, and the row of 0 stands for all.
    public func covers(_ other: any ShortcutDesign) -> Bool {
        if other.name == shortcut { return true }
        guard let gate = other as? ExclusiveGateShortcut else { return false }
        return shortcut == ExclusiveGateShortcut(bias: 0).name && (-5...0).contains(gate.bias)
    }
}
