import BuiltProgram
import TemporaryFolders
import Testing

/// `propagate schema` describes every report that `propagate` writes.
struct SchemaTests {
    @Test(
        "A report follows the published schema",
        arguments: [
            "--depth 8", "--depth 8 --precision double --probe all", "--depth 8 --shortcut none --probe none",
            "--depth 8 --shortcut dropout0.9 --unit original", "--depth 56 --shortcut scale1000",
            "--depth 8 --architecture dense --mode inference", "--depth 8 --measure all",
            "--depth 56 --shortcut scale1000 --measure all", "--depth 8 --measure fits,jacobian:3-99",
        ])
    func follows(arguments: String) throws {
        let schema = try JSON(parsing: Program.run("schema").output)
        let report = try JSON(
            parsing: Program.run(
                ["--batch", "2", "--threads", "1", "--json", "-"]
                    + arguments.split(separator: " ").map(String.init)
            ).output)
        #expect(JSONSchemaValidator.complaints(report, schema) == [])
    }

    @Test(
        "Reports of several measurements follow their schemas",
        arguments: [
            ("seeds", "--seeds 3 --shortcut dropout0.9"),
            ("seeds", "--seeds 3 --measure all --assert loss>0"),
            ("comparison", "compare identity dropout0.9 8"),
            ("sweep", "sweep --shortcut identity,none --seeds 2"),
            ("training", "train --iterations 4 --measure-every 2 --unit original"),
        ])
    func several(kind: String, arguments: String) throws {
        let schema = try JSON(parsing: Program.run("schema", kind).output)
        let report = try JSON(
            parsing: Program.run(
                arguments.split(separator: " ").map(String.init) + SmallRun.options + ["--json", "-"]
            ).output)
        #expect(JSONSchemaValidator.complaints(report, schema) == [])
    }

    @Test(
        "What verify, conform and confirm write follows their schemas",
        arguments: [
            ("claims", "verify --json -"), ("claims", "verify vanishing --precision single --json -"),
            ("conformance", "conform --depth 20 --json -"),
            (
                "conformance",
                "conform --depth 11 --block bottleneck --unit original --shortcut conv1x1 --json -"
            ),
            ("conformance", "conform --depth 8 --architecture dense --json -"),
            (
                "confirmation",
                "confirm table1 --depth 8 --iterations 2 --batch 4 --seeds 1 --quiet --json -"
            ),
        ])
    func statements(kind: String, arguments: String) throws {
        let schema = try JSON(parsing: Program.run("schema", kind).output)
        let document = try JSON(
            parsing: Program.run(arguments.split(separator: " ").map(String.init)).output)
        #expect(JSONSchemaValidator.complaints(document, schema) == [])
    }

    @Test("The validator finds what is wrong")
    func validator() throws {
        let schema = try JSON(parsing: Program.run("schema").output)
        let report = try JSON(parsing: Program.run(SmallRun.options + ["--json", "-"]).output)
        var wrong = try #require(report.members)
        wrong["loss"] = .string("2.3")
        wrong["units"] = nil
        wrong["colour"] = .null
        #expect(
            JSONSchemaValidator.complaints(.object(wrong), schema).sorted() == [
                "$.loss: a string is not [\"number\", \"null\"]", "$: colour is unknown",
                "$: units is missing",
            ])
    }

    @Test("CSV and JSON hold the same columns and the same numbers")
    func columns() throws {
        let folder = try TemporaryFolder()
        _ = try Program.run(SmallRun.quiet + ["--report", "r"], in: folder)
        let rows = try #require(JSON(parsing: folder.text("r/report.json"))["units"]?.elements)
        let lines = try folder.text("r/units.csv").split(separator: "\r\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        #expect(lines.count == rows.count + 1)
        for (row, line) in zip(rows, lines.dropFirst()) {
            #expect(line.count == lines[0].count && row.members?.count == line.count)
            for (name, cell) in zip(lines[0], line) { #expect(row[name]?.number == Double(cell)) }
        }
    }
}
