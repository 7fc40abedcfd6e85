import NumericalMethods

/// A grid of character cells to draw lines on: eight braille dots a cell, or in ASCII one mark a cell.
///
/// Each line belongs to a series. Where lines share a cell of braille the columns take turns, so that two lines on top
/// of each other are still seen as two; letters that took turns would read as a line of its own, so there the last
/// series stands alone.
struct DotCanvas {
    let columns: Int
    let rows: Int
    private let dotsAcross: Int
    private let dotsDown: Int
    private var dots: [UInt8]
    private var owners: [UInt8]
    private var marks: [Int: Int] = [:]

    var width: Int { columns * dotsAcross }
    var height: Int { rows * dotsDown }

    init(columns: Int, rows: Int, braille: Bool) {
        self.columns = columns
        self.rows = rows
        dotsAcross = braille ? 2 : 1
        dotsDown = braille ? 4 : 1
        dots = Array(repeating: 0, count: columns * rows)
        owners = dots
    }

    /// A straight line between two dots, both included.
    mutating func line(from start: (x: Int, y: Int), to end: (x: Int, y: Int), series: Int) {
        let steps = max(abs(end.x - start.x), abs(end.y - start.y), 1)
        for step in 0...steps {
            let share = Double(step) / Double(steps)
            let x = Double(start.x) + share * Double(end.x - start.x)
            let y = Double(start.y) + share * Double(end.y - start.y)
            dot(x: Int(saturating: x.rounded()), y: Int(saturating: y.rounded()), series: series)
        }
    }

    /// The sign of a series, in the cell of a dot.
    mutating func mark(x: Int, y: Int, series: Int) {
        guard let cell = cell(x: x, y: y) else { return }
        marks[cell] = series
    }

    /// What stands in a cell: nothing, a sign, or braille with the series whose colour it takes.
    enum Content {
        case empty
        case sign(series: Int)
        case braille(Character, series: Int)
    }

    func content(column: Int, row: Int) -> Content {
        let cell = row * columns + column
        if let series = marks[cell] { return .sign(series: series) }
        guard owners[cell] != 0 else { return .empty }
        let sharing = (0..<8).filter { owners[cell] & (1 << $0) != 0 }
        guard dotsDown == 4, let scalar = Unicode.Scalar(0x2800 + UInt32(dots[cell])) else {
            return .sign(series: sharing[sharing.count - 1])
        }
        return .braille(Character(scalar), series: sharing[(column / 3) % sharing.count])
    }

    private mutating func dot(x: Int, y: Int, series: Int) {
        guard let cell = cell(x: x, y: y) else { return }
        dots[cell] |= DotCanvas.bits[(y % dotsDown) * 2 + x % dotsAcross]
        owners[cell] |= 1 << UInt8(series)
    }

    private func cell(x: Int, y: Int) -> Int? {
        guard (0..<width).contains(x), (0..<height).contains(y) else { return nil }
        return y / dotsDown * columns + x / dotsAcross
    }

    /// Braille's dots, row by row, as the bits of U+2800 … U+28FF.
    private static let bits: [UInt8] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]
}
