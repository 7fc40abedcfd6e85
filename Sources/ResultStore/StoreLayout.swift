import GRDB

/// The tables of a store, and how a file that may come from anywhere is held against them before anything of it is
/// believed.
enum StoreLayout {
    /// Changes with the tables; kept in SQLite's `user_version`.
    static let version = 1
    /// “PRPG”, kept in SQLite's `application_id`.
    private static let application = 0x5052_5047

    private static let tables = [
        "cell": """
        CREATE TABLE cell (
            key TEXT PRIMARY KEY NOT NULL, version TEXT NOT NULL, checks_hold INTEGER NOT NULL,
            seconds REAL NOT NULL, report TEXT NOT NULL) STRICT
        """,
        "setting": """
        CREATE TABLE setting (
            key TEXT NOT NULL REFERENCES cell(key) ON DELETE CASCADE, option TEXT NOT NULL,
            value TEXT NOT NULL, PRIMARY KEY (key, option)) STRICT
        """,
        "quantity": """
        CREATE TABLE quantity (
            key TEXT NOT NULL REFERENCES cell(key) ON DELETE CASCADE, name TEXT NOT NULL,
            value REAL, PRIMARY KEY (key, name)) STRICT
        """,
    ]

    static func create(in database: Database) throws {
        // Another program may have made it meanwhile.
        guard try !database.tableExists("cell") else { return }
        for name in ["cell", "setting", "quantity"] { try database.execute(sql: tables[name] ?? "") }
        try database.execute(sql: "PRAGMA application_id = \(application); PRAGMA user_version = \(version)")
    }

    /// Whether there is nothing in the file.
    static func isEmpty(_ database: Database) throws -> Bool {
        try Int.fetchOne(database, sql: "PRAGMA application_id") == 0
            && Int.fetchOne(database, sql: "SELECT COUNT(*) FROM sqlite_master") == 0
    }

    /// Finds out what a file is before anything in it is touched.
    ///
    /// - Throws: `StoreError.notAStore`, `.otherLayout` or `.damaged`.
    static func check(_ database: Database, path: String) throws {
        guard try Int.fetchOne(database, sql: "PRAGMA application_id") == application else {
            throw StoreError.notAStore(path: path)
        }
        let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard found == version else {
            throw StoreError.otherLayout(path: path, found: found, known: version)
        }
        if let reason = try difference(in: database) { throw StoreError.damaged(path: path, reason: reason) }
        let complaint = try String.fetchOne(database, sql: "PRAGMA quick_check(1)") ?? "no answer"
        guard complaint == "ok" else {
            throw StoreError.damaged(
                path: path, reason: complaint.replacingOccurrences(of: "\n", with: " "))
        }
    }

    /// The first thing that is not as `create` makes it. A view in a table's place may never end, a trigger or a
    /// generated column may compute anything: only the very statements of this layout are taken, whatever their white
    /// space.
    private static func difference(in database: Database) throws -> String? {
        var missing = tables
        let rows = try Row.fetchAll(database, sql: "SELECT type, name, sql FROM sqlite_master ORDER BY rowid")
        for row in rows {
            let values: [DatabaseValue] = [row[0], row[1], row[2]]
            guard let type = String.fromDatabaseValue(values[0]),
                let name = String.fromDatabaseValue(values[1])
            else { return "its list of tables is not one" }
            // What SQLite keeps for itself: indices of primary keys, and figures of ANALYZE.
            if name.hasPrefix("sqlite_autoindex_") && type == "index" && values[2].isNull { continue }
            if name.hasPrefix("sqlite_stat") && type == "table" { continue }
            guard type == "table", let statement = missing.removeValue(forKey: name) else {
                return "it holds the \(type) “\(name)”, which no sweep makes"
            }
            guard String.fromDatabaseValue(values[2]).map(words) == words(statement) else {
                return "its table “\(name)” is not made as sweeps make it"
            }
        }
        return missing.keys.sorted().first.map { "it has no table “\($0)”" }
    }

    private static func words(_ statement: String) -> [Substring] {
        statement.split(whereSeparator: \.isWhitespace)
    }
}
