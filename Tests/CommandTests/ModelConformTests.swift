import BuiltProgram
import TemporaryFolders
import Testing

/// `propagate conform` of models of files.
struct ModelConformTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func findings(
        _ model: WiredModel, _ words: String..., exitCode: Int32 = 0
    ) throws -> [JSON] {
        try model.write(to: "m.onnx", in: folder)
        let outcome = try Program.run(
            ["conform", "m.onnx", "--threads", "1", "--batch", "2", "--json", "-"] + words, in: folder)
        #expect(outcome.exitCode == exitCode, "\(outcome.errors)")
        return try #require(JSON(parsing: outcome.output)["findings"]?.elements)
    }

    @Test("A network that is wired as it should be has nothing flagged", arguments: [2, 3, 4])
    func right(units: Int) throws {
        #expect(try findings(WiredModel(units: units), "--strict") == [])
    }

    static let mistakes: [(WiredModel.Mistake, kind: String, units: [Double], sentence: String)] = [
        (
            .missingShortcut, "missing shortcut", [1],
            "From stages.0.1.add_out to stages.0.2.conv2_out, behind unit 1, stands what F is in unit 1 (stages.0.1), "
                + "and no shortcut leads around it."
        ),
        (
            .reluOnShortcut, "activation on shortcut", [2], "Relu stands on the shortcut."
        ),
        (
            .activationBeforeSplit, "activation on shortcut", [2],
            "x_l passes BN Relu before h and F part: the shortcut is no identity."
        ),
        (
            .missingLastActivation, "missing activation", [],
            "The head reads stages.1.3.add_out, the last sum, without normalization and Relu, which stands before the "
                + "weights of every unit."
        ),
        (
            .doubledActivation, "repeated activation", [],
            "BN head.norm2_out follows BN head.norm_out, and no weight layer stands between."
        ),
        (
            .scaledShortcut, "odd unit", [2],
            "Unlike its neighbours, such as unit 0 (stages.0.0): h is Mul 0.5, and theirs the identity."
        ),
        (
            .residualAddedTwice, "repeated operand", [2],
            "stages.0.2.conv2_out, F of the unit, enters the sum stages.0.2.add_again_out twice."
        ),
    ]

    @Test("Each mistake of wiring is named, with its unit", arguments: mistakes)
    func mistake(_ mistake: WiredModel.Mistake, kind: String, units: [Double], sentence: String) throws {
        let found = try findings(WiredModel(mistake), "--strict", exitCode: 1)
        let first = try #require(found.first { $0["kind"]?.string == kind })
        #expect(first["units"] == .array(units.map(JSON.number)))
        #expect(first["sentence"]?.string == sentence)
        #expect(found.count == 1)
    }

    @Test("Units, layers and findings on the terminal; what is flagged is told, not judged")
    func terminal() throws {
        try WiredModel(.reluOnShortcut).write(to: "m.onnx", in: folder)
        let outcome = try Program.run(
            "conform", "m.onnx", "--batch", "2", "--threads", "1", in: folder, environment: ["COLUMNS": "120"]
        )
        #expect(outcome.exitCode == 0 && outcome.errors == "")
        for line in [
            " propagate conform · m.onnx · 8 units\n", "\n 1 thing flagged\n",
            " ! unit 2 (stages.0.2): Relu stands on the shortcut.\n", "weight-free: Relu",
            "\n units 5–7, 3 alike, shortcut: identity; one of them:\n",
        ] { #expect(outcome.output.contains(line), "\(line)\(outcome.output)") }
        try WiredModel().write(to: "m.onnx", in: folder)
        let right = try Program.run("conform", "m.onnx", "--batch", "2", "--threads", "1", in: folder)
        #expect(right.exitCode == 0 && right.output.contains("\n nothing flagged\n"))
    }

    @Test("What is written follows its schema")
    func schema() throws {
        try WiredModel(.scaledShortcut).write(to: "m.onnx", in: folder)
        let report = try JSON(
            parsing: Program.run("conform", "m.onnx", "--batch", "2", "--json", "-", in: folder).output)
        let schema = try JSON(parsing: Program.run("schema", "structure").output)
        #expect(JSONSchemaValidator.complaints(report, schema) == [])
        let layers = try #require(report["layers"]?.elements)
        #expect(layers.compactMap { $0["parameters"]?.number }.reduce(0, +) == report["parameters"]?.number)
        #expect(report["units"]?.elements?.count == 8)
    }

    @Test(
        "A wrong request is refused in one sentence",
        arguments: [
            (
                "conform m.onnx --depth 20", 64,
                "--depth is for networks that are built here, and m.onnx is there already."
            ),
            ("conform --bn batch", 64, "--bn is for models of files, and none is named."),
            ("conform --batch 8", 64, "--batch is for models of files, and none is named."),
            (
                "conform --strict", 64,
                "--strict is for models of files, and none is named: the differences of a network are not judged."
            ),
            ("conform nowhere.onnx", 2, "there is no file nowhere.onnx"),
            ("conform words.txt", 2, "words.txt is not an ONNX file: it is text"),
            ("conform m.onnx --json m.onnx", 64, ""),
        ])
    func refusal(arguments: String, exitCode: Int32, sentence: String) throws {
        try WiredModel().write(to: "m.onnx", in: folder)
        try folder.write("some words\n", to: "words.txt")
        let outcome = try Program.run(arguments.split(separator: " ").map(String.init), in: folder)
        #expect(outcome.exitCode == exitCode && outcome.output == "")
        #expect(outcome.errors.hasPrefix("Error: \(sentence)"), "\(outcome.errors)")
    }
}
