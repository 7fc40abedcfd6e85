/// The page around the contents of a report: head, style sheet, script. It opens offline.
enum HTMLPage {
    /// - Parameters:
    ///   - title: plain text.
    ///   - main: markup.
    static func text(title: String, main: String) -> String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" \
        content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
        <title>\(title.escapedForXML)</title>
        <style>
        \(HTMLStyle.text)</style>
        </head>
        <body>
        <main>
        \(main)</main>
        <script>
        \(HTMLScript.text)</script>
        </body>
        </html>

        """
    }

    /// Drawings side by side, the first across the page.
    static func figures(_ figures: [Figure]) -> String {
        let drawn = figures.enumerated().map { index, figure in
            let drawing = figure.inlineSVG(index == 0 ? .full : .half)
            return
                "<figure>\n\(drawing)<figcaption>\(figure.caption.typesetForHTML)</figcaption>\n</figure>\n"
        }
        return "<div class=\"figures\">\n\(drawn.joined())</div>\n"
    }
}
