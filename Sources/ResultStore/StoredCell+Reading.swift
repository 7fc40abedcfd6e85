import GRDB

extension StoredCell {
    /// Reads a cell. Types are looked at value by value: the file may be damaged, or come from anywhere.
    ///
    /// - Returns: `nil` where there is none of this key.
    /// - Throws: `StoreError.damaged` with the table, the column and the key.
    init?(_ key: String, in database: Database, path: String) throws {
        let reader = ValueReader(key: key, path: path)
        let columns = ["version", "checks_hold", "seconds", "report"]
        guard let row = try reader.rows(of: "cell", columns, in: database).first else { return nil }
        self.init(
            key: key, version: try reader.text(row, 0, "cell.version"), configuration: [:], quantities: [:],
            checksHold: try reader.truth(row, 1, "cell.checks_hold"),
            report: try reader.text(row, 3, "cell.report"),
            seconds: try reader.duration(row, 2, "cell.seconds"))
        for row in try reader.rows(of: "setting", ["option", "value"], in: database) {
            configuration[try reader.text(row, 0, "setting.option")] =
                try reader.text(row, 1, "setting.value")
        }
        for row in try reader.rows(of: "quantity", ["name", "value"], in: database) {
            quantities[try reader.text(row, 0, "quantity.name")] =
                .some(try reader.number(row, 1, "quantity.value"))
        }
    }
}

/// Takes values out of the rows of a cell.
private struct ValueReader {
    let key: String
    let path: String

    func rows(of table: String, _ columns: [String], in database: Database) throws -> [Row] {
        try Row.fetchAll(
            database, sql: "SELECT \(columns.joined(separator: ", ")) FROM \(table) WHERE key = ?",
            arguments: [key])
    }

    func text(_ row: Row, _ index: Int, _ column: String) throws -> String {
        guard case .string(let text) = storage(row, index) else { throw damage(column, "is no text") }
        return text
    }

    func truth(_ row: Row, _ index: Int, _ column: String) throws -> Bool {
        guard case .int64(let value) = storage(row, index), value == 0 || value == 1 else {
            throw damage(column, "is neither 0 nor 1")
        }
        return value == 1
    }

    func duration(_ row: Row, _ index: Int, _ column: String) throws -> Double {
        guard let seconds = try number(row, index, column), seconds >= 0 else {
            throw damage(column, "is no duration")
        }
        return seconds
    }

    /// `nil` for null.
    func number(_ row: Row, _ index: Int, _ column: String) throws -> Double? {
        switch storage(row, index) {
        case .null: return nil
        case .double(let value) where value.isFinite: return value
        // SQLite stores whole numbers so where that takes less room.
        case .int64(let value): return Double(value)
        default: throw damage(column, "is no finite number")
        }
    }

    private func storage(_ row: Row, _ index: Int) -> DatabaseValue.Storage {
        (row[index] as DatabaseValue).storage
    }

    private func damage(_ column: String, _ fault: String) -> StoreError {
        // Keys are long: the whole configuration.
        let name = key.split(separator: "\n").joined(separator: " ")
        return .damaged(
            path: path,
            reason: "\(column) \(fault) in the cell “\(name.prefix(60))\(name.count > 60 ? "…" : "")”")
    }
}
