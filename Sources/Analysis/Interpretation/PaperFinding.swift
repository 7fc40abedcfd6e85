import ResidualNetworks

/// What the paper reports of a case: test errors on CIFAR-10, ResNet-110 unless said, median of five runs (its Tables 1
/// and 2).
enum PaperFinding {
    /// A sentence; `nil` for a case that the paper did not try.
    static func sentence(for design: NetworkDesign) -> String? {
        let isIdentity = design.shortcut is IdentityShortcut
        if isIdentity, let unit = units[design.layout.name] { return "The paper: " + unit + "." }
        // Table 1 is of the original unit.
        guard let shortcut = shortcuts[design.shortcut.name] else { return nil }
        let condition =
            design.layout.name == UnitLayout.original.name ? "" : " (in the original unit)"
        return "The paper\(condition): \(shortcut)."
    }

    private static let shortcuts = [
        "none": "a plain net of this depth fails to converge (Table 1)",
        "scale0.5": "shortcuts scaled by 0.5 fail to converge (Table 1; Eqn. 8)",
        "scale0.5,0.5": "12.35 % test error with both paths scaled by 0.5, 6.61 % with identity (Table 1)",
        "gate-exclusive:0": "exclusive gates with this bias fail to converge (Table 1)",
        "gate-exclusive:-5": "exclusive gates with this bias fail to converge (Table 1)",
        "gate-exclusive:-6": "8.70 % test error with this gate, 6.61 % with identity (Table 1)",
        "gate-exclusive:-7": "9.81 % test error with this gate, 6.61 % with identity (Table 1)",
        "gate-shortcut:0": "12.86 % test error with this gate, 6.61 % with identity (Table 1)",
        "gate-shortcut:-6":
            "6.91 % test error with this gate, which is then almost an identity: 6.61 % (Table 1)",
        "conv1x1": "12.22 % test error with 1×1 convolutions, 6.61 % with identity (Table 1)",
        "dropout0.5": "dropout of the shortcuts fails to converge, as a scale of 0.5 would (Table 1)",
    ]

    private static let units = [
        "original": "6.61 % test error, and 7.61 % with 1001 layers, where f = ReLU hampers (Tables 2 and 3)",
        "bn-after-addition": "8.17 % test error; BN on the shortcut hampers propagation (Table 2)",
        "relu-before-addition": "7.84 % test error; the signal can only grow on its way up (Table 2)",
        "relu-only-preact": "6.71 % test error (Table 2)",
        "full-preact":
            "6.37 % test error, and 4.92 % with 1001 layers: h and f are identities, Eqn. 5 (Tables 2 and 3)",
    ]
}
