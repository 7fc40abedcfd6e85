import Expressions
import Testing

@Suite struct ExpressionReaderTests {
    private static let reader = ExpressionReader(parameters: ["alpha": 0.3])

    @Test(arguments: [
        ("0.9*x + 0.1*tanh(x)", "0.9*x + 0.1*tanh(x)", "0.9 + 0.1*(1 - tanh(x)^2)"),
        ("max(x, 0.1*x)", "max(x, 0.1*x)", "step(x) + 0.1*step(-x)"),
        ("max(x, 0*x)", "max(x, 0)", "step(x)"), ("relu(x)", "relu(x)", "x > 0"),
        ("alpha*x", "0.3*x", "0.3"), ("-x^2", "-x^2", "-2*x"), ("2^3^2 - 512 + x", "x", "1"),
        ("x - 2*(x - 3) - -4", "x - 2*(x - 3) + 4", "-1"), ("1 - l/(2*L)", "1 - l/(2*L)", "0"),
        ("@a*x", "@a*x", "@a"), ("@g[n]*x", "@g[n]*x", "@g[n]"),
        ("clip(x, -1, 1)", "clip(x, -1, 1)", "(x >= -1)*(x <= 1)"),
        ("x*x*1 + 0", "x^2", "2*x"), ("exp(2*x)", "exp(2*x)", "2*exp(2*x)"),
        ("0 < x < 1", "(0 < x)*(x < 1)", "0"), ("sign(3*x)", "sign(x)", "0"),
        ("where(x > 0, x, 0.5*x)", "where(x > 0, x, 0.5*x)", "where(x > 0, 1, 0.5)"),
        ("x/(1 + abs(x))", "x/(1 + abs(x))", "1/(1 + abs(x)) - x*sign(x)/(1 + abs(x))^2"),
    ])
    func normalForm(text: String, normal: String, derivative: String) throws {
        let expression = try Self.reader.expression(text).simplified
        #expect(expression.description == normal)
        #expect(expression.derivative().description == derivative)
    }

    @Test(arguments: [
        ("0.9*x + * 3", 8, "expected a number or a name, not “*”"),
        ("0.9*x 3", 6, "expected an operator or the end, not the number 3.0"),
        ("2*tanh + x", 2, "“tanh” is a function and needs an argument, as in tanh(x)"),
        ("tan(x)", 0, "“tan” is no function; did you mean tanh?"),
        ("alfa*x", 0, "“alfa” is not known; did you mean alpha?"),
        ("((x)", 4, "expected “)”, not the end"), ("1e999*x", 0, "expected a finite number"),
        ("where(x, 1)", 0, "where takes a condition and two values, and here it has 2 arguments"),
        ("[1, 2]", 0, "a list stands alone, as a schedule by depth"),
        ("x[n]", 0, "only a learned number has channels, as in @a[n]"),
        ("@", 0, "expected a name after @"), ("#", 0, "expected a name, a number or a sign, not “#”"),
        ("", 0, "expected a number or a name, not the end"),
    ])
    func mistakesAreShown(text: String, position: Int, problem: String) throws {
        let error = try #require(throws: SyntaxError.self) { try Self.reader.expression(text) }
        #expect(error.position == position && error.problem.hasPrefix(problem), "\(error)")
        let lines = error.description.split(separator: "\n", omittingEmptySubsequences: false)
        // The caret stands below the character.
        #expect(lines.last.map { $0.count - 5 } == position, "\(error)")
    }

    @Test func placesAreNumbers() throws {
        let schedule = try Self.reader.expression("1 - l/(2*L) + t")
        #expect(schedule.bound([.unit: 2, .units: 8, .depth: 0.25]).simplified == 1.125)
        let narrow = ExpressionReader(symbols: [.unit, .units])
        #expect(throws: SyntaxError.self) { try narrow.expression("x") }
    }

    @Test(arguments: [
        String(repeating: "(", count: 100_000), String(repeating: "-", count: 100_000),
        "x" + String(repeating: "+x", count: 2_000),
        String(repeating: "exp(", count: 99) + "x" + String(repeating: ")", count: 99),
        "x" + String(repeating: "^x", count: 90), String(repeating: "9", count: 4000),
    ])
    func excessIsRefusedOrRead(text: String) {
        do { _ = try Self.reader.expression(text).simplified.derivative() } catch {
            #expect(!error.problem.isEmpty)
        }
    }
}
