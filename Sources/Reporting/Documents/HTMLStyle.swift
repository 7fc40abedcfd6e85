/// The style sheet of the page: its own rules and those of the drawings.
enum HTMLStyle {
    static let text =
        FigureStyle.variables(selector: ":root") + FigureStyle.page + page + tables + figures + print

    private static let page = """
        :root { color-scheme: light dark; }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--paper); color: var(--ink);
          font: 15px/1.55 system-ui, "Segoe UI", "Helvetica Neue", "DejaVu Sans", sans-serif; }
        main { max-width: 1240px; margin: 0 auto; padding: 40px 28px 64px; }
        h1 { font-size: 28px; line-height: 1.2; letter-spacing: -0.01em; margin: 0 0 10px; }
        h2 { font-size: 19px; margin: 48px 0 14px; }
        h3 { font-size: 15px; margin: 26px 0 8px; }
        p { margin: 0 0 10px; max-width: 78ch; overflow-wrap: anywhere; }
        .subject { color: var(--muted); margin: 0 0 8px; max-width: none; }
        .design { display: flex; flex-wrap: wrap; gap: 6px 8px; margin: 0 0 26px; padding: 0; list-style: none; }
        .design li { border: 1px solid var(--grid); border-radius: 99px; padding: 2px 12px; color: var(--muted); }
        .design b { color: var(--ink); font-weight: 600; overflow-wrap: anywhere; }
        .verdict { border-left: 4px solid var(--slate); background: var(--band); padding: 18px 22px;
          border-radius: 0 8px 8px 0; margin: 0 0 16px; }
        .verdict h2 { margin: 0 0 8px; font-size: 20px; }
        .verdict p { font-size: 16px; margin: 0; }
        .verdict p + p { margin-top: 6px; }
        .verdict.sound { border-color: var(--green); }
        .verdict.doubtful { border-color: var(--amber); }
        .verdict.grave { border-color: var(--vermilion); }
        .alert { border-left: 4px solid var(--vermilion); background: var(--band); padding: 12px 22px;
          border-radius: 0 8px 8px 0; margin: 0 0 16px; max-width: none; font-weight: 600; }
        .tiles dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(205px, 1fr)); gap: 12px; margin: 0; }
        .tiles dl div { border: 1px solid var(--grid); border-radius: 8px; padding: 10px 14px; }
        .tiles dt { color: var(--muted); font-size: 12.5px; }
        .tiles dd { margin: 2px 0 0; font-size: 18px; font-weight: 600; font-variant-numeric: tabular-nums;
          white-space: nowrap; }
        .tiles.bands dl { grid-template-columns: repeat(auto-fit, minmax(270px, 1fr)); }
        .facts dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(250px, 1fr)); gap: 4px 28px; margin: 0; }
        .facts dl div { display: flex; justify-content: space-between; gap: 16px; border-bottom: 1px solid var(--grid);
          padding: 4px 0; }
        .facts dt, .meanings dt { color: var(--muted); }
        .facts dd { margin: 0; text-align: right; overflow-wrap: anywhere; }
        .meanings dl { margin: 0; }
        .meanings dl div { display: grid; grid-template-columns: 230px 1fr; gap: 16px; padding: 4px 0;
          border-bottom: 1px solid var(--grid); }
        .meanings dt { font: 13px/1.6 ui-monospace, "DejaVu Sans Mono", monospace; }
        .meanings dd { margin: 0; max-width: 88ch; }
        pre { background: var(--band); border-radius: 8px; padding: 14px 18px; white-space: pre-wrap; overflow-wrap: anywhere;
          font: 13.5px/1.5 ui-monospace, "DejaVu Sans Mono", monospace; margin: 0; }
        footer { margin-top: 48px; color: var(--muted); font-size: 13px; }

        """

    private static let tables = """
        .scroll { overflow: auto; max-height: 620px; border: 1px solid var(--grid); border-radius: 8px; }
        .scroll + p { margin-top: 10px; }
        table { border-collapse: separate; border-spacing: 0; width: 100%; font-size: 13.5px;
          font-variant-numeric: tabular-nums; }
        th { position: sticky; top: 0; background: var(--band); text-align: left; font-weight: 600;
          border-bottom: 1px solid var(--axis); padding: 8px 12px; white-space: nowrap; vertical-align: bottom; }
        td { padding: 5px 12px; border-bottom: 1px solid var(--grid); vertical-align: top; }
        tbody tr:last-child td { border-bottom: 0; }
        tbody tr:hover td { background: var(--band); }
        .narrow .scroll { max-width: 760px; }
        sub { font-size: 0.72em; line-height: 0; }
        .number { text-align: right; white-space: nowrap; }

        """

    private static let figures = """
        .figures { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 22px; }
        .maps { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(560px, 100%), 1fr)); gap: 22px;
          margin-top: 18px; }
        .maps figure { overflow-x: auto; } .maps figure:first-child { grid-column: auto; }
        .maps svg { min-width: 420px; }
        figure { margin: 0; border: 1px solid var(--grid); border-radius: 10px; padding: 10px 8px 12px; position: relative; }
        figure:first-child { grid-column: 1 / -1; }
        figure svg { display: block; width: 100%; height: auto; outline-offset: 4px; }
        figcaption { color: var(--muted); font-size: 13px; line-height: 1.45; padding: 4px 14px 0; max-width: 96ch; }
        .cross { stroke: var(--muted); stroke-width: 1; pointer-events: none; }
        .tooltip { position: fixed; z-index: 2; pointer-events: none; background: var(--paper); color: var(--ink);
          border: 1px solid var(--axis); border-radius: 8px; padding: 8px 12px; font-size: 12.5px; line-height: 1.5;
          box-shadow: 0 4px 18px #0003; font-variant-numeric: tabular-nums; }
        .tooltip b { display: block; margin-bottom: 2px; }
        .tooltip div { display: flex; justify-content: space-between; gap: 18px; }
        .tooltip i { display: inline-block; width: 9px; height: 9px; border-radius: 50%; margin-right: 7px; }
        @media (max-width: 860px) { .figures { grid-template-columns: 1fr; } .meanings dl div { grid-template-columns: 1fr; gap: 0; } }

        """

    private static let print = """
        @media print {
          @page { margin: 14mm; }
          body { font-size: 10.5pt; }
          main { padding: 0; max-width: none; }
          .scroll { max-height: none; overflow: visible; border: 0; }
          .units table { font-size: 6.5pt; } .units th, .units td { padding: 2px 4px; white-space: normal; }
          thead { display: table-header-group; } th { position: static; }
          tr, figure, .verdict, .alert, .tiles dl div { break-inside: avoid; }
          h2 { break-after: avoid; margin-top: 26px; }
          h1 { font-size: 20pt; } .verdict { padding: 10px 16px; } .design { margin-bottom: 14px; }
          .tiles dl { grid-template-columns: repeat(5, 1fr); gap: 6px; } .tiles dl div { padding: 6px 8px; }
          .tiles dt { font-size: 7.5pt; } .tiles dd { font-size: 8.5pt; }
          table { font-size: 8pt; } td, th { padding: 3px 7px; } td { overflow-wrap: normal; }
          .figures { grid-template-columns: 1fr; } figure { border: 0; padding: 0; }
          .tooltip, .cross, .hits { display: none; }
          * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
        }

        """
}
