func norm(_ x: [Double]) -> Double { inner(x, x).squareRoot() }
func inner(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }

/// ‖x − y‖ over the larger norm; infinite where the lengths differ.
func distance(_ x: [Double], _ y: [Double]) -> Double {
    guard x.count == y.count, !x.contains(where: \.isNaN) else { return .infinity }
    let size = max(norm(x), norm(y))
    return size == 0 ? 0 : norm(zip(x, y).map { $0 - $1 }) / size
}
