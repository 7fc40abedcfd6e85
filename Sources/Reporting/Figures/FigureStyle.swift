/// The style sheet of all drawings, in two forms.
///
/// A page colours its drawings by custom properties, so that they follow the reader's scheme. A file is opened by
/// programs that know neither custom properties nor media rules, and paint black what they cannot resolve: its style
/// sheet has the light colours written out.
enum FigureStyle {
    /// Colours as custom properties, for light paper, a dark screen, and print, which is always light.
    static func variables(selector: String) -> String {
        """
        \(selector) {\(declarations(light, \.onLight))}
        @media (prefers-color-scheme: dark) { \(selector) {\(declarations(dark, \.onDark))} }
        @media print { \(selector) {\(declarations(light, \.onLight))} }

        """
    }

    /// The rules for a page that declares the custom properties.
    static let page = rules(
        fonts: #"system-ui, "Segoe UI", "Helvetica Neue", "DejaVu Sans", sans-serif"#
    ) { "var(--\($0))" }

    /// What a drawing carries that is a file of its own: the style sheet, and its paper.
    static let file: String = {
        let hues = SeriesColour.allCases.map { ($0.rawValue, $0.onLight) }
        let colours = Dictionary(uniqueKeysWithValues: light + hues)
        // DejaVu has every character that figures use; other fonts lack −, → or ‖ in one program or another.
        let sheet = rules(fonts: #""DejaVu Sans", "Segoe UI", "Helvetica Neue", sans-serif"#) {
            colours[$0] ?? "#000000"
        }
        return """
            <style>
            \(sheet)</style>
            <rect width="100%" height="100%" fill="\(colours["paper"] ?? "#ffffff")"/>

            """
    }()

    /// - Parameter colour: a name of the palette as CSS.
    private static func rules(fonts: String, colour: (String) -> String) -> String {
        let (paper, ink, muted) = (colour("paper"), colour("ink"), colour("muted"))
        let own = """
            .propagate-figure { font-family: \(fonts); font-size: 12px; }
            .propagate-figure text { fill: \(muted); }
            .propagate-figure .title { fill: \(ink); font-size: 16px; font-weight: 600; }
            .propagate-figure .axis-title, .propagate-figure .legend text { fill: \(ink); font-size: 12.5px; }
            .propagate-figure .tick { font-variant-numeric: tabular-nums; }
            .propagate-figure .band { fill: \(colour("band")); }
            .propagate-figure .grid { stroke: \(colour("grid")); stroke-width: 1; fill: none; }
            .propagate-figure .zero { stroke: \(colour("axis")); opacity: 0.7; }
            .propagate-figure .frame { stroke: \(colour("axis")); stroke-width: 1; fill: none; }
            .propagate-figure .rule { stroke: \(muted); stroke-width: 1; stroke-dasharray: 2 3; fill: none; }
            .propagate-figure .line { fill: none; stroke-linejoin: round; stroke-linecap: round; stroke-width: 1.8; }
            .propagate-figure .wide { stroke-width: 5.5; opacity: 0.5; }
            .propagate-figure .dashed { stroke-dasharray: 7 5; }
            .propagate-figure .expected { stroke-width: 1.1; stroke-dasharray: 1 3; }
            .propagate-figure .area { opacity: 0.24; }
            .propagate-figure .hits path { stroke: \(ink); stroke-opacity: 0; fill: none; pointer-events: stroke; }
            .propagate-figure .hits path:hover { stroke-opacity: 0.13; }

            """
        let hues = SeriesColour.allCases.map { hue in
            let (name, colour) = (hue.rawValue, colour(hue.rawValue))
            return """
                .propagate-figure .\(name) { stroke: \(colour); }
                .propagate-figure .mark.\(name) { fill: \(colour); stroke: \(paper); stroke-width: 1.2; }
                .propagate-figure .hollow.\(name) { fill: \(paper); stroke: \(colour); stroke-width: 1.7; }
                .propagate-figure .area.\(name) { fill: \(colour); }

                """
        }
        // After the hues, whose stroke they replace.
        return own + hues.joined() + """
            .propagate-figure .area.expected { stroke-width: 7; stroke-dasharray: none; stroke-linejoin: round; \
            opacity: 0.22; }

            """
    }

    private static let light = [
        ("paper", "#ffffff"), ("ink", "#1b2430"), ("muted", "#5b6775"), ("axis", "#8a95a3"),
        ("grid", "#e4e8ee"), ("band", "#f3f5f9"),
    ]

    private static let dark = [
        ("paper", "#11161d"), ("ink", "#e7ecf2"), ("muted", "#9aa7b5"), ("axis", "#647080"),
        ("grid", "#28313c"), ("band", "#182029"),
    ]

    private static func declarations(
        _ neutrals: [(String, String)], _ hue: (SeriesColour) -> String
    ) -> String {
        let hues = SeriesColour.allCases.map { ($0.rawValue, hue($0)) }
        return (neutrals + hues).map { " --\($0.0): \($0.1);" }.joined() + " "
    }
}
