import Foundation
import GRDB
import ResultStore
import Testing

/// Stores that somebody else has written to.
struct ForeignStoreTests {
    /// A store with one cell, changed by SQL with connections of its own, one a text.
    private static func changed(_ texts: [String]) throws -> Place {
        let place = try Place()
        try place.filled(1)
        for text in texts {
            var configuration = GRDB.Configuration()
            configuration.foreignKeysEnabled = false
            let queue = try DatabaseQueue(path: place.path, configuration: configuration)
            try queue.writeWithoutTransaction { try $0.execute(sql: text) }
            try queue.close()
        }
        return place
    }

    private static func reason(_ place: Place) -> String? {
        do {
            _ = try ResultStore(path: place.path).cells(["cell 0"])
            return nil
        } catch StoreError.damaged(place.path, let reason) {
            return reason
        } catch {
            return "unexpected: \(error)"
        }
    }

    /// A query that never ends.
    private static let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT"

    @Test(
        "What is not made as sweeps make it is refused before it is asked for anything",
        arguments: [
            (
                "DROP TABLE cell; CREATE VIEW cell AS \(endless) i AS key, 'v' AS version, 1 AS checks_hold, "
                    + "1.0 AS seconds, '' AS report FROM n", "it holds the view “cell”, which no sweep makes"
            ),
            (
                "CREATE TRIGGER t AFTER INSERT ON cell BEGIN DELETE FROM cell; END",
                "it holds the trigger “t”, which no sweep makes"
            ),
            ("CREATE TABLE other (a)", "it holds the table “other”, which no sweep makes"),
            ("CREATE INDEX i ON cell(abs(seconds))", "it holds the index “i”, which no sweep makes"),
            ("DROP TABLE quantity", "it has no table “quantity”"),
            (
                "ALTER TABLE cell RENAME COLUMN report TO text",
                "its table “cell” is not made as sweeps make it"
            ),
            (
                "ALTER TABLE cell ADD COLUMN more TEXT GENERATED ALWAYS AS (hex(report)) VIRTUAL",
                "its table “cell” is not made as sweeps make it"
            ),
        ])
    func schema(change: String, reason: String) throws {
        let place = try Self.changed([change])
        #expect(Self.reason(place) == reason)
    }

    @Test("Another way to write the same statement, and figures of ANALYZE, change nothing")
    func sameSchema() throws {
        let place = try Self.changed([
            "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, char(10), '  ')",
            "ANALYZE",
        ])
        #expect(Self.reason(place) == nil)
    }

    @Test(
        "A value that no sweep writes is refused with its column and its cell",
        arguments: [
            ("UPDATE cell SET checks_hold = 2", "cell.checks_hold is neither 0 nor 1 in the cell “cell 0”"),
            ("UPDATE cell SET seconds = -1", "cell.seconds is no duration in the cell “cell 0”"),
            ("UPDATE cell SET seconds = 9e999", "cell.seconds is no finite number in the cell “cell 0”"),
            ("UPDATE quantity SET value = -9e999", "quantity.value is no finite number in the cell “cell 0”"),
        ])
    func value(change: String, reason: String) throws {
        let place = try Self.changed([change])
        #expect(Self.reason(place) == reason)
    }

    /// Strict tables do not take such values; a table that was not strict when they were written has them.
    @Test(
        "A value of another type is refused",
        arguments: [
            "UPDATE cell SET version = NULL", "UPDATE cell SET version = x'00FF'",
            "UPDATE cell SET checks_hold = 'yes'",
            "UPDATE cell SET checks_hold = 0.5", "UPDATE cell SET seconds = 'long'",
            "UPDATE cell SET seconds = NULL",
            "UPDATE cell SET report = x'00'", "UPDATE setting SET value = NULL",
            "UPDATE setting SET option = x'FF' WHERE option = 'depth'",
            "UPDATE quantity SET value = 'many'", "UPDATE quantity SET name = NULL WHERE name = 'loss'",
        ])
    func type(change: String) throws {
        let schema = "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = "
        let place = try Self.changed([
            "CREATE TABLE kept (name, sql); INSERT INTO kept SELECT name, sql FROM sqlite_master",
            schema + "replace(replace(sql, ') STRICT', ')'), 'NOT NULL', '') WHERE name <> 'kept'",
            change,
            schema + "(SELECT k.sql FROM kept k WHERE k.name = sqlite_master.name) WHERE name <> 'kept'",
            "DROP TABLE kept",
        ])
        let reason = try #require(Self.reason(place))
        #expect(!reason.hasPrefix("unexpected"), "\(reason)")
    }

    @Test("Only a regular file is opened", arguments: ["/dev/zero", "/dev/null"])
    func device(path: String) {
        #expect(throws: StoreError.failed(path: path, reason: "it is not a regular file")) {
            try ResultStore(path: path)
        }
    }
}
