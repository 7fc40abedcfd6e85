/// The few HTML elements the report is made of. Every string that is not markup is escaped here, and
/// its subscripts are set as such.
enum Markup {
    /// A table; cells are text, `isNumber` says which columns align to the right.
    static func table(
        _ headings: [String], _ rows: [[String]], isNumber: [Bool], tips: [String] = []
    ) -> String {
        func cells(_ tag: String, _ texts: [String], tips: [String] = []) -> String {
            texts.enumerated().map { index, text in
                let number = isNumber.indices.contains(index) && isNumber[index] ? " class=\"number\"" : ""
                let tip = tips.indices.contains(index) ? " title=\"\(tips[index].escapedForXML)\"" : ""
                return "<\(tag)\(number)\(tip)>\(text.typesetForHTML)</\(tag)>"
            }.joined()
        }
        let body = rows.map { "<tr>\(cells("td", $0))</tr>\n" }.joined()
        return """
            <table>
            <thead><tr>\(cells("th", headings, tips: tips))</tr></thead>
            <tbody>
            \(body)</tbody>
            </table>

            """
    }

    /// A list of names and what they stand for.
    static func definitions(_ pairs: [(name: String, value: String)]) -> String {
        let items = pairs.map { pair in
            "<div><dt>\(pair.name.typesetForHTML)</dt><dd>\(pair.value.typesetForHTML)</dd></div>\n"
        }
        return "<dl>\n\(items.joined())</dl>\n"
    }

    static func section(_ heading: String, _ content: String, class name: String = "") -> String {
        let attribute = name.isEmpty ? "" : " class=\"\(name)\""
        return "<section\(attribute)>\n<h2>\(heading.typesetForHTML)</h2>\n\(content)</section>\n"
    }

    static func paragraph(_ text: String, class name: String = "") -> String {
        let attribute = name.isEmpty ? "" : " class=\"\(name)\""
        return "<p\(attribute)>\(text.typesetForHTML)</p>\n"
    }
}
