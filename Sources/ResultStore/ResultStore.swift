import Foundation
import GRDB

/// The finished cells of sweeps, in one SQLite file.
///
/// Every cell is written in a transaction of its own, with a write-ahead log, so that a program killed at any
/// moment loses no finished cell. Tables, for whoever reads the file with SQLite alone: `cell`, one line a
/// measurement; `setting`, its options; `quantity`, its numbers.
public final class ResultStore: Sendable {
    /// Changes with the tables; kept in SQLite's `user_version`.
    public static let layout = 1
    /// “PRPG”, kept in SQLite's `application_id`.
    private static let application = 0x5052_5047

    /// All files that a store of this path may consist of.
    public static func files(of path: String) -> [String] {
        ["", "-wal", "-shm", "-journal"].map { path + $0 }
    }

    public let path: String
    private let queue: DatabaseQueue

    /// Opens a store, or makes one where there is no file.
    ///
    /// - Throws: `StoreError`; a file that is not a store is left as it is.
    public init(path: String) throws {
        self.path = path
        let file = try Self.file(path)
        do {
            var configuration = GRDB.Configuration()
            configuration.busyMode = .timeout(10)
            queue = try DatabaseQueue(path: file, configuration: configuration)
            try queue.writeWithoutTransaction { try Self.prepare($0, path: path) }
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// The absolute path, so that SQLite sees neither `:memory:` nor a URI in a name.
    private static func file(_ path: String) throws -> String {
        guard !path.isEmpty else {
            throw StoreError.failed(path: "“”", reason: "it is not the name of a file")
        }
        let url = URL(filePath: path)
        let folder = url.deletingLastPathComponent().path
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder) else {
            throw StoreError.noFolder(path: path, folder: folder)
        }
        guard
            !FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory)
                || !isDirectory.boolValue
        else { throw StoreError.failed(path: path, reason: "it is a folder") }
        return url.path
    }

    /// The cells of these keys that are finished, by key.
    public func cells(_ keys: [String]) throws -> [String: StoredCell] {
        try translatingErrors {
            try queue.read { database in
                var found: [String: StoredCell] = [:]
                for key in keys { found[key] = try Self.cell(key, in: database) }
                return found
            }
        }
    }

    /// How many cells of another version of the program there are.
    public func count(otherThan version: String) throws -> Int {
        try translatingErrors {
            try queue.read {
                try Int.fetchOne(
                    $0, sql: "SELECT COUNT(*) FROM cell WHERE version <> ?", arguments: [version]) ?? 0
            }
        }
    }

    /// Writes a finished cell, durably, before it returns.
    public func write(_ cell: StoredCell) throws {
        try translatingErrors { try queue.write { try Self.insert(cell, into: $0) } }
    }

    /// Merges the write-ahead log into the file.
    public func close() throws { try translatingErrors { try queue.close() } }

    private func translatingErrors<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            throw StoreError(error, path: path)
        }
    }
}

extension ResultStore {
    /// Finds out what a file is before anything in it is touched.
    private static func prepare(_ database: Database, path: String) throws {
        let found = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let tables = try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM sqlite_master") ?? 0
        if found == 0, tables == 0 {
            try database.execute(sql: "PRAGMA journal_mode = WAL")
            return try database.inTransaction(.immediate) {
                try create(in: database)
                return .commit
            }
        }
        guard found == application else { throw StoreError.notAStore(path: path) }
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard version == layout else {
            throw StoreError.otherLayout(path: path, found: version, known: layout)
        }
        let complaint = try String.fetchOne(database, sql: "PRAGMA quick_check(1)") ?? "no answer"
        guard complaint == "ok" else {
            throw StoreError.damaged(
                path: path, reason: complaint.replacingOccurrences(of: "\n", with: " "))
        }
        try database.execute(sql: "PRAGMA journal_mode = WAL")
    }

    private static func create(in database: Database) throws {
        // Another program may have made it meanwhile.
        guard try !database.tableExists("cell") else { return }
        try database.execute(
            sql: """
                CREATE TABLE cell (
                    key TEXT PRIMARY KEY NOT NULL, version TEXT NOT NULL, checks_hold INTEGER NOT NULL,
                    seconds REAL NOT NULL, report TEXT NOT NULL) STRICT;
                CREATE TABLE setting (
                    key TEXT NOT NULL REFERENCES cell(key) ON DELETE CASCADE, option TEXT NOT NULL,
                    value TEXT NOT NULL, PRIMARY KEY (key, option)) STRICT;
                CREATE TABLE quantity (
                    key TEXT NOT NULL REFERENCES cell(key) ON DELETE CASCADE, name TEXT NOT NULL,
                    value REAL, PRIMARY KEY (key, name)) STRICT;
                PRAGMA application_id = \(application);
                PRAGMA user_version = \(layout);
                """)
    }

    private static func insert(_ cell: StoredCell, into database: Database) throws {
        try database.execute(sql: "DELETE FROM cell WHERE key = ?", arguments: [cell.key])
        try database.execute(
            sql: "INSERT INTO cell (key, version, checks_hold, seconds, report) VALUES (?, ?, ?, ?, ?)",
            arguments: [cell.key, cell.version, cell.checksHold, cell.seconds, cell.report])
        for (option, value) in cell.configuration {
            try database.execute(
                sql: "INSERT INTO setting (key, option, value) VALUES (?, ?, ?)",
                arguments: [cell.key, option, value])
        }
        for (name, value) in cell.quantities {
            try database.execute(
                sql: "INSERT INTO quantity (key, name, value) VALUES (?, ?, ?)",
                arguments: [cell.key, name, value])
        }
    }

    private static func cell(_ key: String, in database: Database) throws -> StoredCell? {
        guard
            let row = try Row.fetchOne(database, sql: "SELECT * FROM cell WHERE key = ?", arguments: [key])
        else { return nil }
        var cell = StoredCell(
            key: key, version: row["version"], configuration: [:], quantities: [:],
            checksHold: row["checks_hold"], report: row["report"], seconds: row["seconds"])
        for row in try Row.fetchAll(
            database, sql: "SELECT option, value FROM setting WHERE key = ?", arguments: [key])
        {
            cell.configuration[row["option"]] = row["value"]
        }
        for row in try Row.fetchAll(
            database, sql: "SELECT name, value FROM quantity WHERE key = ?", arguments: [key])
        {
            cell.quantities[row["name"]] = .some(row["value"] as Double?)
        }
        return cell
    }
}
