import Analysis

/// A network in a few words, as a figure's subtitle: "ResNet-110 · full-preact basic · scale0.5".
struct NetworkWords: Sendable, Equatable {
    /// From the network as a whole to its shortcut; without what is not known.
    let parts: [String]

    var text: String { parts.joined(separator: " · ") }

    init(_ network: NetworkSummary) {
        self.init(
            architecture: network.architecture, depth: network.depth > 0 ? String(network.depth) : nil,
            unit: network.unit,
            block: network.block, shortcut: network.shortcut,
            others: network.functions.filter { $0.name != "h(x)" }.map { $0.equations[0] })
    }

    /// - Parameter configuration: options of a run by name; those of a network are looked for.
    init(_ configuration: [String: String]) {
        self.init(
            architecture: configuration["architecture"], depth: configuration["depth"],
            unit: configuration["unit"], block: configuration["block"], shortcut: configuration["shortcut"],
            others: Self.functions.compactMap { name, usual in
                configuration[name].flatMap { $0 == usual ? nil : "\(name) \($0)" }
            })
    }

    /// Options that change functions of a network, with what changes nothing.
    private static let functions = [
        ("activation", "relu"), ("after", ""), ("branch-scale", "1"), ("drop-path", "0"),
    ]

    private init(
        architecture: String?, depth: String?, unit: String?, block: String?, shortcut: String?,
        others: [String]
    ) {
        let family =
            switch architecture {
            case "cifar": "ResNet"
            case "imagenet": "ImageNet ResNet"
            case let other: other ?? "network"
            }
        let name = depth.map { "\(family)-\($0)" } ?? family
        parts =
            ([
                name, [unit, block].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: " "),
                shortcut ?? "",
            ] + others)
            .filter { !$0.isEmpty }
    }

    private init(parts: [String]) { self.parts = parts }

    /// What several networks have in common, after their number.
    static func shared(by networks: [NetworkWords]) -> String {
        let parts = networks.first?.parts.filter { part in networks.allSatisfy { $0.parts.contains(part) } }
        let counted = Quantity.counted(networks.count, "network")
        return NetworkWords(parts: [counted] + (parts ?? [])).text
    }
}
