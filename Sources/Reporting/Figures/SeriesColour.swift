/// The hues of a series, told apart by people with any colour vision (after Okabe and Ito, 2008), each with
/// a darker form for light paper and a lighter one for a dark screen.
enum SeriesColour: String, Sendable, CaseIterable {
    case blue, vermilion, green, purple, amber, slate

    var onLight: String {
        switch self {
        case .blue: "#0b66b0"
        case .vermilion: "#d1500a"
        case .green: "#12a37a"
        case .purple: "#a8508f"
        case .amber: "#b57f00"
        case .slate: "#4a5a6a"
        }
    }

    var onDark: String {
        switch self {
        case .blue: "#62b5f5"
        case .vermilion: "#ff8b4d"
        case .green: "#3ccf9e"
        case .purple: "#e093ca"
        case .amber: "#ebbd4e"
        case .slate: "#a9b7c6"
        }
    }
}
