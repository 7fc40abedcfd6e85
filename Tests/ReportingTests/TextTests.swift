import Analysis
import Testing

@testable import Reporting

struct TextTests {
    @Test("Numbers as people read them")
    func numbers() {
        #expect(NumberStyle.decimals(2).text(-101.406, minus: "−") == "−101.41")
        #expect(NumberStyle.decimals(2).text(-0.001) == "0.00")
        #expect(NumberStyle.significant(4).text(0.82) == "0.8200")
        #expect(NumberStyle.significant(4).text(1e300) == "1.000e300")
        #expect(NumberStyle.significant(4).text(0) == "0")
        #expect(NumberStyle.error.text(3.14e-16) == "3.1e-16")
        #expect(Quantity.grouped(10_327_706) == "10,327,706")
        #expect(Quantity.grouped(-1000) == "-1,000")
        #expect(Quantity.bytes(1_463_812_096) == "1.36 GiB")
        #expect(Quantity.bytes(512) == "512 bytes")
        #expect(Quantity.power(log10: 56.934) == "8.6 × 10⁵⁶")
        #expect(Quantity.power(log10: -333) == "1.0 × 10⁻³³³")
        #expect(Quantity.power(log10: 5.9999) == "1.0 × 10⁶")
        #expect(Quantity.power(log10: 0.5) == "3.16")
    }

    @Test("Text is safe where it is put")
    func escaping() {
        #expect("<&\"'\u{0}".escapedForXML == "&lt;&amp;&quot;&#39;\u{FFFD}")
        #expect("a|b`c_d".escapedForMarkdown == "a\\|b\\`c\\_d")
        #expect("\u{1B}[31m\n".withoutControlCharacters == "\\x1B[31m\\x0A")
        #expect("scale0.5,0.5".quotedForShell == "scale0.5,0.5")
        #expect("it's".quotedForShell == "'it'\\''s'")
        #expect("".quotedForShell == "''")
    }

    @Test("Words of a shell command are read back as they were")
    func shellWords() {
        let words = ["identity", "", "it's", "my dir/a.yaml", "\\", "'\u{301}e", "\"a b\"", "''", "–λ"]
        #expect(words.map(\.quotedForShell).joined(separator: " ").shellWords == words)
        #expect("  scale0.5,0.5   8 ".shellWords == ["scale0.5,0.5", "8"])
        #expect("".shellWords == [])
    }

    @Test("Subscripts are set, names in snake case are not touched")
    func subscripts() {
        #expect("x_{l+1} = F̂_i".typesetForHTML == "x<sub>l+1</sub> = F̂<sub>i</sub>")
        #expect("‖d_0‖ <".typesetForHTML == "‖d<sub>0</sub>‖ &lt;")
        #expect("forward_rms probe_direct a_bc".typesetForHTML == "forward_rms probe_direct a_bc")
    }

    @Test("Decimal points stand below each other")
    func alignment() {
        #expect(
            TextLayout.alignedAtPoint(["1.25", "-101.5", nil, "7", "3.1e-16"], null: "-")
                == ["   1.25   ", "-101.5    ", "   -      ", "   7      ", "   3.1e-16"])
    }

    @Test("Lines break at words, and within a word only if they must")
    func wrapping() {
        #expect(TextLayout.wrap("one two three", width: 8, indent: " ") == [" one two", " three"])
        #expect(TextLayout.wrap("abcdefgh", width: 5) == ["abcde", "fgh"])
        #expect(
            TextLayout.flowed(["one two three", "four"], gap: " - ", width: 9) == [
                "one two", "three", "four",
            ])
    }

    @Test("A dozen rows hold both ends and every edge of a stage, in order and evenly spaced")
    func selection() {
        let rows = UnitSelection.rows(of: SyntheticResult.resNet1001(), count: 12)
        #expect(rows == [0, 1, 37, 74, 111, 112, 148, 185, 222, 223, 278, 333])
        #expect(UnitSelection.rows(of: SyntheticResult.small(), count: 100) == Array(0...12))
        #expect(UnitSelection.rows(of: EdgeCase.noRows.result, count: 12).isEmpty)
        #expect(
            UnitSelection.rows(of: EdgeCase.dense100000(), count: 11)
                == Array(stride(from: 0, through: 100_000, by: 10_000)))
    }

    @Test("Ticks stand at round values within the range, and the range holds the data")
    func ticks() {
        let axis = ValueAxis(title: "", scale: .linear, data: -333...60)
        #expect(axis.ticks == [-300, -200, -100, 0])
        #expect(axis.range.contains(-333) && axis.range.contains(60))
        #expect(ValueAxis(title: "", scale: .linear, data: 5...5).range.contains(5))
        let logarithmic = ValueAxis(title: "", scale: .logarithmic, data: -5...2)
        #expect(logarithmic.ticks.map(logarithmic.label).contains("0.01"))
        #expect(logarithmic.ticks.map(logarithmic.label).contains("10⁻⁴"))
    }

    @Test("Gaps stay gaps; a short series is not thinned; a thinned one keeps its ends")
    func decimation() {
        let runs = Decimation.runs([1, nil, 2, 3], limit: 10)
        #expect(runs.map { $0.map(\.row) } == [[0], [2, 3]])
        #expect(Decimation.runs([1, 2, 3], limit: 10, breaks: [0, 2]).map(\.count) == [2, 1])
        let long = Decimation.runs(
            (0..<5000).map { $0 < 2000 || $0 > 3000 ? Double($0 % 97) : nil }, limit: 100)
        #expect(long.count == 2)
        #expect(long.first?.first?.row == 0 && long.first?.last?.row == 1999)
        #expect(long.last?.first?.row == 3001 && long.last?.last?.row == 4999)
    }
}
