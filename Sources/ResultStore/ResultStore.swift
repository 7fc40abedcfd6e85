import Files
import Foundation
import GRDB

/// The finished cells of sweeps, in one SQLite file.
///
/// Every cell is written in a transaction of its own, so that a program killed at any moment loses no finished cell.
/// Tables, for whoever reads the file with SQLite alone: `cell`, one line a measurement; `setting`, its options;
/// `quantity`, its numbers.
///
/// The journal is SQLite's rollback journal and not a write-ahead log, which cannot be read without being written to:
/// between transactions the store is one file, and may lie on a read-only medium.
public final class ResultStore: Sendable {
    /// Changes with the tables; kept in SQLite's `user_version`.
    public static let layout = StoreLayout.version

    /// All files that a store of this path may consist of.
    public static func files(of path: String) -> [String] {
        ["", "-wal", "-shm", "-journal"].map { path + $0 }
    }

    public let path: String
    /// Why nothing can be written; `nil` where it can.
    private let obstacle: String?
    private let queue: DatabaseQueue

    /// Opens a store, or makes one where there is no file. One that cannot be written is opened for reading.
    ///
    /// - Throws: `StoreError`; a file that is not a store is left as it is.
    public init(path: String) throws {
        self.path = path
        let file = try Self.file(path)
        let obstacle = Self.obstacle(toWriting: file)
        self.obstacle = obstacle
        do {
            var configuration = GRDB.Configuration()
            configuration.busyMode = .timeout(10)
            configuration.readonly = obstacle != nil
            // The file may come from anywhere.
            configuration.prepareDatabase { try $0.execute(sql: "PRAGMA trusted_schema = OFF") }
            queue = try DatabaseQueue(path: file, configuration: configuration)
            if obstacle == nil {
                try queue.writeWithoutTransaction { try Self.prepare($0, path: path) }
            } else {
                try queue.read { try StoreLayout.check($0, path: path) }
            }
        } catch {
            throw StoreError(error, path: path, isReadOnly: obstacle != nil)
        }
    }

    private static func prepare(_ database: Database, path: String) throws {
        let isNew = try StoreLayout.isEmpty(database)
        if !isNew { try StoreLayout.check(database, path: path) }
        // EXTRA: a transaction is over when its journal is gone from the disk's folder too.
        try database.execute(sql: "PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA")
        guard isNew else { return }
        try database.inTransaction(.immediate) {
            try StoreLayout.create(in: database)
            return .commit
        }
    }

    /// The path with a folder before it, so that SQLite sees neither `:memory:` nor a URI in a name. It is not made
    /// absolute: the folder that we are in may have any name.
    private static func file(_ path: String) throws -> String {
        guard !path.isEmpty else {
            throw StoreError.failed(path: "“”", reason: "it is not the name of a file")
        }
        let folder = Path.parent(of: path)
        guard Folder.exists(folder) else { throw StoreError.noFolder(path: path, folder: folder) }
        guard !Folder.exists(path) else { throw StoreError.failed(path: path, reason: "it is a folder") }
        var status = stat()
        guard stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG else {
            throw StoreError.failed(path: path, reason: "it is not a regular file")
        }
        return path.hasPrefix("/") ? path : "./" + path
    }

    /// Both the file and its folder, where the journal goes, have to take what is written.
    private static func obstacle(toWriting file: String) -> String? {
        guard access(file, F_OK) == 0 else { return nil }
        guard access(file, W_OK) == 0 else { return SystemFailure.last.reason }
        do throws(SystemFailure) {
            try Folder.tryEntry(in: Path.parent(of: file))
            return nil
        } catch {
            return error.reason
        }
    }

    /// Makes sure, before anything is measured, that it can be kept.
    ///
    /// - Throws: `StoreError.readOnly`.
    public func requireWritable() throws {
        if let obstacle { throw StoreError.readOnly(path: path, reason: obstacle) }
    }

    /// The cells of these keys that are finished, by key.
    ///
    /// - Throws: `StoreError.damaged` where one holds what no sweep writes.
    public func cells(_ keys: [String]) throws -> [String: StoredCell] {
        try translatingErrors {
            try queue.read { database in
                var found: [String: StoredCell] = [:]
                for key in keys { found[key] = try StoredCell(key, in: database, path: path) }
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
        try requireWritable()
        try translatingErrors { try queue.write { try Self.insert(cell, into: $0) } }
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

    public func close() throws { try translatingErrors { try queue.close() } }

    private func translatingErrors<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            throw StoreError(error, path: path, isReadOnly: obstacle != nil)
        }
    }
}
