import Expressions
import Foundation
import Testing

@Suite struct ExpressionReaderTests {
    private static let reader = ExpressionReader(
        parameters: ["alpha": 0.3], initials: ["a": 1, "g": 0.5])

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
        ("x/(1 + abs(x))", "x/(1 + abs(x))", "1/(1 + abs(x)) - x*(sign(x)/(1 + abs(x)))/(1 + abs(x))"),
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
        ("x + @c*x", 4, "@c has no value to start from, as --init c=1 would give it; known are @a, @g"),
        ("@a*x + @a[n]", 0, "@a is one number of a unit, or one a channel as @a[n], not both"),
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

    @Test(
        arguments: [
            ("2*x", "2"), ("x + @a*x", "1 + @a"), ("where(l > 0, x, 3*x)", "where(l > 0, 1, 3)"),
            // Those have the slope of a scaling, and the value 0 at 0.
            ("sign(x)", nil), ("x + sign(x)", nil), ("x + step(x) - 0.5", nil), ("x + 2*(x > 1)", nil),
            ("x + where(x > 1, 1, 0)", nil), ("3*x + where(sign(x) > 0, 1, 0)", nil), ("abs(x)", nil),
            ("x + 1", nil),
        ] as [(String, String?)])
    func whatJumpsIsNoScaling(text: String, factor: String?) throws {
        #expect(try Self.reader.expression(text).simplified.linearFactor?.description == factor)
    }

    /// Bounds that cross, a power that overflows, a constant that cannot be folded.
    @Test(
        arguments: [
            ("clip(x, x^2 + 2, 1)", 0.5, 0.0), ("clip(x, 2*x, 3*x)", 1, 2), ("clip(x, 2, 1)", 5, 0),
            ("x/exp(x)", 500, -499 * Foundation.exp(-500.0)), ("2^x", 1, 2 * 0.6931471805599453),
        ] as [(String, Double, Double)])
    func derivativesAtTheEdges(text: String, x: Double, slope: Double) throws {
        let found = try #require(try Self.reader.expression(text).simplified.derivative().value([.x: x]))
        #expect(abs(found - slope) <= 1e-14 * abs(slope) || found == slope, "\(found)")
    }

    @Test func constantsThatOverflowAreLeftAlone() throws {
        for text in ["1e308*x + 1e308*x", "x + 1e308 + 1e308", "1e-200*(1e-200/x)"] {
            let expression = try Self.reader.expression(text)
            #expect(expression.simplified.value([.x: 1e-170]) == expression.value([.x: 1e-170]), "\(text)")
        }
    }

    @Test(
        arguments: [
            ("1/l", "1/l", "division by zero"), ("x*log(l)", "log(l)", "log of 0"),
            ("(l - 1)^0.5*x", "(l - 1)^0.5", "a fractional power of a negative number"),
            ("x*exp(1000 + L)", "exp(1000 + L)", nil),
        ] as [(String, String, String?)])
    func partsWithoutValueAreNamed(text: String, part: String, reason: String?) throws {
        let found = try #require(try Self.reader.expression(text).obstacle([.unit: 0, .units: 9]))
        #expect(found.part.description == part && found.reason == reason)
        #expect(
            try Self.reader.expression("where(l > 0, \(text), x)").obstacle([.unit: 0, .units: 9]) == nil)
    }

    @Test(arguments: [
        String(repeating: "0 < (", count: 90) + "x" + String(repeating: ") < 1", count: 90),
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
