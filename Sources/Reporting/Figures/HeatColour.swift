import NumericalMethods

/// The colours of a heat map: cividis (Nuñez, Anderton, Renslow 2018), even in lightness and the same to people
/// with and without colour vision.
struct HeatColour: Sendable {
    let red, green, blue: Double

    /// - Parameter share: 0 … 1, dark blue to yellow.
    init(share: Double) {
        let place = max(0, min(1, share)) * Double(Self.stops.count - 1)
        let lower = min(Int(saturating: place), Self.stops.count - 2)
        let part = place - Double(lower)
        let (start, end) = (Self.stops[lower], Self.stops[lower + 1])
        red = start.0 + part * (end.0 - start.0)
        green = start.1 + part * (end.1 - start.1)
        blue = start.2 + part * (end.2 - start.2)
    }

    /// The map at ninths, 0 … 255.
    private static let stops: [(Double, Double, Double)] = [
        (0, 32, 81), (10, 51, 110), (50, 71, 107), (78, 92, 108), (101, 112, 115), (125, 133, 120),
        (151, 154, 118), (182, 176, 107), (217, 201, 85), (253, 231, 55),
    ]

    /// `#rrggbb`
    var hexadecimal: String {
        "#"
            + [red, green, blue].map { channel in
                let digits = String(Int(saturating: channel.rounded()), radix: 16)
                return digits.count < 2 ? "0\(digits)" : digits
            }.joined()
    }

    /// Black letters are easier to read on it than white ones: which of the two has the larger contrast (WCAG).
    var wantsDarkText: Bool { luminance > 0.179 }

    /// Relative luminance, 0 … 1, by the gamma-2.2 approximation of sRGB.
    private var luminance: Double {
        func linear(_ channel: Double) -> Double {
            let value = channel / 255
            return value * value * (0.305_306_011 * value + 0.682_171_111) + 0.012_522_878 * value
        }
        return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    /// The nearest colour of the 6 × 6 × 6 cube that terminals of 256 colours have.
    var terminalIndex: Int {
        func level(_ channel: Double) -> Int {
            channel < 48 ? 0 : channel < 115 ? 1 : Int(saturating: (channel - 35) / 40)
        }
        return 16 + 36 * level(red) + 6 * level(green) + level(blue)
    }
}
