/// How the norm of the direct term changes between x_L and x_0, with changes of size apart from the rest.
struct ShortcutChange {
    /// Decades per unit travelled down, mean over the units that keep the size of x_l.
    let decadesPerUnit: Double
    /// The same times L: Δ of `ShortcutPath`.
    let decades: Double
    /// What units that change the size add to that.
    let decadesOfSizeChanges: Double

    /// `nil` where a row has no direct term.
    init?(_ units: [UnitMeasurement]) {
        guard units.count > 1, let top = units.last?.directLog10, let bottom = units.first?.directLog10 else {
            return nil
        }
        var changes: [Double] = []
        for (row, above) in zip(units, units.dropFirst()) where row.stage == above.stage {
            guard let lower = row.directLog10, let upper = above.directLog10 else { return nil }
            changes.append(lower - upper)
        }
        let (whole, count) = (bottom - top, Double(units.count - 1))
        decadesPerUnit =
            changes.isEmpty ? whole / count : changes.reduce(0, +) / Double(changes.count)
        decades = decadesPerUnit * count
        decadesOfSizeChanges = whole - decades
    }
}
