/// The style sheet of all drawings: one for a file of its own and for the page that contains it.
enum FigureStyle {
    /// Colours as variables, for light paper, a dark screen, and print, which is always light.
    static func variables(selector: String) -> String {
        """
        \(selector) {\(declarations(light, \.onLight))}
        @media (prefers-color-scheme: dark) { \(selector) {\(declarations(dark, \.onDark))} }
        @media print { \(selector) {\(declarations(light, \.onLight))} }

        """
    }

    static let rules = """
        .propagate-figure { font: 12px system-ui, "Segoe UI", "Helvetica Neue", "DejaVu Sans", sans-serif; }
        .propagate-figure text { fill: var(--muted); }
        .propagate-figure .title { fill: var(--ink); font-size: 16px; font-weight: 600; }
        .propagate-figure .axis-title, .propagate-figure .legend text { fill: var(--ink); font-size: 12.5px; }
        .propagate-figure .tick { font-variant-numeric: tabular-nums; }
        .propagate-figure .band { fill: var(--band); }
        .propagate-figure .grid { stroke: var(--grid); stroke-width: 1; fill: none; }
        .propagate-figure .zero { stroke: var(--axis); opacity: 0.7; }
        .propagate-figure .frame { stroke: var(--axis); stroke-width: 1; fill: none; }
        .propagate-figure .rule { stroke: var(--muted); stroke-width: 1; stroke-dasharray: 2 3; fill: none; }
        .propagate-figure .line { fill: none; stroke-linejoin: round; stroke-linecap: round; stroke-width: 1.8; }
        .propagate-figure .wide { stroke-width: 5.5; opacity: 0.5; }
        .propagate-figure .dashed { stroke-dasharray: 7 5; }
        .propagate-figure .area { stroke: none; opacity: 0.24; }
        .propagate-figure .halo { stroke: var(--paper); stroke-width: 1.2; }
        .propagate-figure .hits path { stroke: transparent; fill: none; pointer-events: stroke; }
        .propagate-figure .hits path:hover { stroke: var(--hover); }

        """
        + SeriesColour.allCases.map { colour in
            """
            .propagate-figure .\(colour.rawValue) { stroke: var(--\(colour.rawValue)); }
            .propagate-figure .dot.\(colour.rawValue) { fill: var(--\(colour.rawValue)); }
            .propagate-figure .area.\(colour.rawValue) { fill: var(--\(colour.rawValue)); }

            """
        }.joined()

    /// What a drawing carries that is a file of its own: the style sheet, and its paper.
    static let file = """
        <style>
        \(variables(selector: ".propagate-figure"))\(rules)</style>
        <rect width="100%" height="100%" fill="var(--paper)"/>

        """

    private static let light = [
        ("paper", "#ffffff"), ("ink", "#1b2430"), ("muted", "#5b6775"), ("axis", "#8a95a3"),
        ("grid", "#e4e8ee"), ("band", "#f3f5f9"), ("hover", "#1b243022"),
    ]

    private static let dark = [
        ("paper", "#11161d"), ("ink", "#e7ecf2"), ("muted", "#9aa7b5"), ("axis", "#647080"),
        ("grid", "#28313c"), ("band", "#182029"), ("hover", "#e7ecf233"),
    ]

    private static func declarations(
        _ neutrals: [(String, String)], _ hue: (SeriesColour) -> String
    ) -> String {
        let hues = SeriesColour.allCases.map { ($0.rawValue, hue($0)) }
        return (neutrals + hues).map { " --\($0.0): \($0.1);" }.joined() + " "
    }
}
