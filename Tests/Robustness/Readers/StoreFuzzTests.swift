import Foundation
import FuzzSupport
import GRDB
import NumericalMethods
import ResultStore
import Testing

/// Stores: bytes of a file, and what SQL can make of one.
@Suite struct StoreFuzzTests {
    private static let keys = (0..<3).map { "depth=20\nseed=\($0)" }

    private static func store(_ path: String) throws -> [UInt8] {
        let store = try ResultStore(path: path)
        for key in keys {
            try store.write(
                StoredCell(
                    key: key, version: "1.0", configuration: ["depth": "20", "seed": "0"],
                    quantities: ["loss": 2.5, "direct_log10": nil], checksHold: true,
                    report: String(repeating: "{}", count: 3000), seconds: 0.5))
        }
        try store.close()
        return [UInt8](try Data(contentsOf: URL(filePath: path)))
    }

    private static func read(_ path: String) throws {
        let store = try ResultStore(path: path)
        let cells = try store.cells(keys)
        for (key, cell) in cells {
            #expect(cell.key == key && cell.seconds >= 0)
            #expect(cell.quantities.values.allSatisfy { $0?.isFinite != false })
        }
        _ = try store.count(otherThan: "1.0")
        try store.close()
    }

    private static func clear(_ path: String) {
        for file in ResultStore.files(of: path) { try? FileManager.default.removeItem(atPath: file) }
    }

    private static let words = [
        "CREATE TABLE cell", "CREATE VIEW ", " STRICT", "SQLite format 3\0", "PRPG", "NOT NULL",
        "sqlite_master",
    ].map { Array($0.utf8) }

    @Test func bytes() throws {
        let scratch = try ScratchFile("store")
        let good = try Self.store(scratch.path)
        defer { Self.clear(scratch.path) }
        try FuzzCampaign("store", .dear).run(
            corpus: [good], dictionary: Self.words, refusals: [StoreError.self]
        ) { bytes in
            Self.clear(scratch.path)
            try scratch.write(bytes)
            try Self.read(scratch.path)
        }
    }

    /// Statements that leave a database which SQLite takes for sound, or nearly.
    private static func change(_ stream: inout RandomStream) -> String {
        func pick(_ words: [String]) -> String { words[stream.integer(below: words.count)] }
        let table = pick(["cell", "setting", "quantity"])
        let column = pick(["key", "version", "checks_hold", "seconds", "report", "option", "value", "name"])
        let value = pick([
            "NULL", "1", "-1", "2", "0.5", "9e999", "-9e999", "1e308", "9223372036854775807", "'text'", "''",
            "x'00FF'",
            "zeroblob(100000)", "char(0)", "randomblob(9)",
        ])
        let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS key FROM n"
        switch stream.integer(below: 10) {
        case 0...3: return "UPDATE OR REPLACE \(table) SET \(column) = \(value)"
        case 4: return "ALTER TABLE \(table) DROP COLUMN \(column)"
        case 5: return "ALTER TABLE \(table) RENAME COLUMN \(column) TO other"
        case 6: return "DROP TABLE \(table)"
        case 7: return "CREATE VIEW \(pick(["cell", "setting", "other"])) AS \(endless)"
        case 8: return "CREATE TRIGGER t AFTER DELETE ON \(table) BEGIN DELETE FROM cell; END"
        default: return "DELETE FROM \(table)"
        }
    }

    /// Strict tables refuse most values; tables that were lax while they were written to hold them.
    @Test func statements() throws {
        let scratch = try ScratchFile("store-sql")
        let good = try Self.store(scratch.path)
        defer { Self.clear(scratch.path) }
        try FuzzCampaign("store by SQL", .dear).run(
            corpus: [good], describe: { (input: [String]) in Array(input.joined(separator: ";\n").utf8) },
            make: { _, stream in
                let changes = (0...stream.integer(below: 3)).map { _ in Self.change(&stream) }
                return stream.integer(below: 2) == 0 ? changes : ["lax"] + changes
            },
            refusals: [StoreError.self],
            read: { changes in
                Self.clear(scratch.path)
                try scratch.write(good)
                try Self.apply(changes, to: scratch.path)
                try Self.read(scratch.path)
            })
    }

    private static func apply(_ changes: [String], to path: String) throws {
        let isLax = changes.first == "lax"
        let schema = "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = "
        func execute(_ text: String) throws {
            var configuration = GRDB.Configuration()
            configuration.foreignKeysEnabled = false
            // What SQLite opens no more stays as it is, and a statement that it refuses changes nothing.
            guard let queue = try? DatabaseQueue(path: path, configuration: configuration) else { return }
            queue.writeWithoutTransaction { try? $0.execute(sql: text) }
            try queue.close()
        }
        if isLax {
            try execute("CREATE TABLE kept (name, sql); INSERT INTO kept SELECT name, sql FROM sqlite_master")
            try execute(
                schema + "replace(replace(sql, ') STRICT', ')'), 'NOT NULL', '') WHERE name <> 'kept'")
        }
        for change in changes.dropFirst(isLax ? 1 : 0) { try execute(change) }
        if isLax {
            try execute(
                schema + "coalesce((SELECT k.sql FROM kept k WHERE k.name = sqlite_master.name), sql) "
                    + "WHERE name <> 'kept'")
            try execute("DROP TABLE kept")
        }
    }
}
