import Analysis
import Foundation
import Tensors
import Testing

@testable import Reporting

struct DataTests {
    /// The names that the issue and the schema promise, in order.
    static let columnNames = [
        "unit", "stage", "channels", "forward_rms", "channel_mean_square", "channel_variance",
        "gradient_log10",
        "direct_log10", "through_weights_log10", "decomposition_error", "shortcut_product_log10", "cosine",
        "stage_direct_log10", "stage_through_weights_log10", "digits_left", "forward_identity_error",
        "negative_share", "forward_status", "gradient_status", "direct_status", "through_weights_status",
        "predicted_forward_rms", "predicted_gradient_log10",
        "predicted_direct_log10", "predicted_through_weights_log10", "predicted_gradient_deviation", "label",
        "kind", "shape",
        "sum_forward_rms", "sum_gradient_log10", "sum_direct_log10", "sum_through_weights_log10",
        "sum_cosine",
    ]

    @Test("CSV columns, JSON keys and schema properties are one list")
    func oneList() throws {
        let result = SyntheticResult.small()
        #expect(UnitTable.columns.map(\.name) == DataTests.columnNames)
        #expect(UnitTable.csv([]) == DataTests.columnNames.joined(separator: ",") + "\r\n")
        let report = JSONReport.value(result, manifest: SyntheticResult.manifest)
        let row = try #require(report["units"]?.elements.first)
        #expect(row.keys == DataTests.columnNames)
        let schema = try #require(JSONSchema.value["properties"]?["units"]?["items"])
        #expect(schema["properties"]?.keys == DataTests.columnNames)
    }

    @Test("The schema names exactly the keys of every object of a report, and requires them all")
    func schemaAndReportAgree() {
        let report = JSONReport.value(SyntheticResult.small(), manifest: SyntheticResult.manifest)
        var objects = 0
        compare(report, JSONSchema.value, path: "$", objects: &objects)
        // Report, manifest, data, normalisation, network, verdict; 1 part, 2 stages, 13 units, 2 probes, 6 checks.
        #expect(objects == 30)
    }

    private func compare(_ value: JSONValue, _ schema: JSONValue, path: String, objects: inout Int) {
        switch value {
        case .object(let members):
            guard let properties = schema["properties"] else { return }
            objects += 1
            #expect(value.keys == properties.keys, "\(path)")
            #expect(schema["required"]?.elements == value.keys.map(JSONValue.string), "\(path)")
            #expect(schema["additionalProperties"] == false, "\(path)")
            for member in members {
                guard let part = properties[member.key] else { continue }
                compare(member.value, part, path: "\(path).\(member.key)", objects: &objects)
            }
        case .array(let elements):
            for element in elements {
                compare(element, schema["items"] ?? .null, path: path + "[]", objects: &objects)
            }
        default: break
        }
    }

    // Neighbours of round numbers, the ends of the range, and values without a short decimal.
    @Test(
        "Numbers come back bit for bit from JSON and CSV",
        arguments: [
            0.1, 1.0.nextUp, -101.40625, Double.leastNonzeroMagnitude, Double.greatestFiniteMagnitude,
            1.0 / 3, 0x1.fffffep-5,
        ])
    func exact(value: Double) {
        var row = UnitMeasurement(unit: 0, stage: 1, channels: 1)
        row.gradient = LogNorm(value)
        var result = SyntheticResult.small()
        result.units = [row]
        let json = JSONReport.text(result, manifest: SyntheticResult.manifest)
        // Foundation's JSON reader on Linux may miss the last bit; the standard library's does not.
        let text = json.split(separator: "\"gradient_log10\": ").last?.split(separator: ",").first ?? ""
        #expect(Double(text) == value)
        let line = UnitTable.csv([row]).split(separator: "\r\n")[1]
        let cells = line.split(separator: ",", omittingEmptySubsequences: false)
        #expect(Double(cells[6]) == value)
    }

    @Test("Null is written as null in JSON and as an empty field in CSV, and so is what is not finite")
    func nulls() {
        var row = UnitMeasurement(unit: 3, stage: 1, channels: 16)
        row.cosine = .nan
        row.direct = LogNorm(-.infinity)
        #expect(
            UnitTable.csv([row]).hasSuffix(
                "\r\n3,1,16,,,,,,,,,,,,,,,not measured,not measured,measured,not measured,,,,,,,,,,,,,\r\n"))
        let object = UnitTable.columns.map(\.field).object(of: row)
        #expect(object["cosine"] == .null && object["direct_log10"] == .null)
    }

    @Test("Strings are escaped and rows take one line each")
    func writer() {
        let value: JSONValue = [
            "text": "a\"b\\c\n\u{1}é<&", "empty": [], "rows": [["a": 1, "b": .number(1e-7)], ["a": .null]],
            "words": ["x"],
        ]
        let expected = #"""
            {
              "text": "a\"b\\c\n\u0001é<&",
              "empty": [],
              "rows": [
                {"a": 1, "b": 1e-07},
                {"a": null}
              ],
              "words": [
                "x"
              ]
            }

            """#
        #expect(value.text == expected)
        #expect(JSONValue.number(.nan).text == "null\n")
    }

    @Test("The manifest file is the manifest of the report, and lists the report's files")
    func manifest() throws {
        let report = JSONReport.value(SyntheticResult.small(), manifest: SyntheticResult.manifest)
        let file = JSONReport.text(SyntheticResult.manifest, files: ["report.html"])
        let end = "\n}\n"
        let inReport = try #require(report["manifest"]?.text)
        #expect(inReport.hasSuffix(end))
        #expect(file == inReport.dropLast(end.count) + ",\n  \"files\": [\n    \"report.html\"\n  ]" + end)
    }

    @Test("A manifest and a report are read back as what they were written of")
    func manifestIsRead() throws {
        var manifest = SyntheticResult.manifest
        // What it tells of the images follows from them, and is not read.
        manifest.data = nil
        manifest.resumptions = [
            .init(command: ["propagate", "train"], version: "0.1.0", commit: nil, iteration: 7, threads: 3),
            .init(
                command: ["propagate", "train"], version: "0.1.0", commit: nil, iteration: 9, threads: 3,
                options: ["keep": "5"]),
        ]
        let text = JSONReport.text(manifest, files: ["report.md", "thesis.tex", "figures/a.svg"])
        let file = try ManifestFile(json: Array(text.utf8), of: "m")
        #expect(file.run == manifest)
        #expect(file.files == ["report.md", "figures/a.svg"])
        let report = JSONReport.text(SyntheticResult.small(), manifest: manifest)
        #expect(try ManifestFile(json: Array(report.utf8), of: "r").run == manifest)
        // Of an earlier version.
        let resumption = #"{"command": ["a"], "version": "0.1.0", "iteration": 7, "threads": 3}"#
        let older = #"{"command": [], "configuration": {}, "resumptions": [\#(resumption)]}"#
        let read = try ManifestFile(json: Array(older.utf8), of: "m").run.resumptions
        #expect(read.map(\.options) == [[:]] && read.map(\.iteration) == [7])
    }

    @Test(
        "What is no manifest is refused",
        arguments: [
            ("", ManifestFileError.notJSON("m")), ("{\"command\": [\"a\"", .notJSON("m")),
            ("[]", .noManifest("m")),
            ("{\"command\": [\"a\"]}", .noManifest("m")), ("{\"manifest\": 3}", .noManifest("m")),
            ("{\"command\": [], \"configuration\": {\"depth\": 3}}", .noManifest("m")),
        ])
    func noManifest(text: String, error: ManifestFileError) {
        #expect(throws: error) { try ManifestFile(json: Array(text.utf8), of: "m") }
    }
}

extension JSONValue {
    var keys: [String] {
        guard case .object(let members) = self else { return [] }
        return members.map(\.key)
    }

    var elements: [JSONValue] {
        guard case .array(let elements) = self else { return [] }
        return elements
    }
}
