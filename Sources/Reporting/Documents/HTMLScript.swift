/// The page's script: a crosshair at the same unit in every chart, and a panel of all series there.
///
/// It reads what the drawings already say: the titles of their hit columns and the heights beside them.
/// Without it the browser shows those titles.
enum HTMLScript {
    static let text = """
        "use strict";
        (() => {
          const space = "http://www.w3.org/2000/svg";
          const tooltip = document.createElement("div");
          tooltip.className = "tooltip"; tooltip.hidden = true;
          document.body.append(tooltip);
          const charts = [...document.querySelectorAll("svg.propagate-figure")].map(svg => {
            const columns = [...svg.querySelectorAll(".hits path")].map(path => {
              const title = path.querySelector("title");
              const lines = title.textContent.split("\\n");
              title.remove();
              const [x, y] = path.getAttribute("d").slice(1).split(/[ v]/).map(Number);
              const bottom = y + Number(path.getAttribute("d").split("v")[1]);
              return { path, lines, x, y, bottom, heights: path.dataset.y.split(",") };
            });
            const hits = svg.querySelector(".hits");
            const colours = hits ? hits.dataset.colours.split(",").map(name => `var(--${name})`) : [];
            const cross = document.createElementNS(space, "g");
            cross.classList.add("cross");
            svg.insertBefore(cross, hits);
            return { svg, columns, colours, cross };
          });
          const element = (name, attributes) => {
            const made = document.createElementNS(space, name);
            for (const key in attributes) made.setAttribute(key, attributes[key]);
            return made;
          };
          const draw = (chart, index) => {
            const column = chart.columns[index];
            chart.cross.replaceChildren();
            if (!column) return;
            chart.cross.append(element("path", { d: `M${column.x} ${column.y}V${column.bottom}` }));
            column.heights.forEach((height, series) => {
              if (height === "") return;
              const dot = element("circle", { cx: column.x, cy: height, r: 4 });
              dot.style.fill = chart.colours[series]; dot.style.stroke = "var(--paper)";
              chart.cross.append(dot);
            });
          };
          const tell = (chart, index) => {
            const [name, ...lines] = chart.columns[index].lines;
            const heading = document.createElement("b");
            heading.textContent = name;
            tooltip.replaceChildren(heading, ...lines.map((line, series) => {
              const row = document.createElement("div"), label = document.createElement("span");
              const sign = document.createElement("i"), value = document.createElement("span");
              const cut = line.lastIndexOf(": ");
              sign.style.background = chart.colours[series];
              label.append(sign, line.slice(0, cut));
              value.textContent = line.slice(cut + 2);
              row.append(label, value);
              return row;
            }));
            tooltip.hidden = false;
            const box = chart.svg.getBoundingClientRect(), size = tooltip.getBoundingClientRect();
            const x = box.left + chart.columns[index].x / chart.svg.viewBox.baseVal.width * box.width;
            const right = x + 16 + size.width < innerWidth ? x + 16 : x - 16 - size.width;
            tooltip.style.left = Math.max(4, right) + "px";
            tooltip.style.top = Math.max(4, Math.min(box.top + box.height * 0.3, innerHeight - size.height - 4)) + "px";
          };
          const show = (chart, index) => { charts.forEach(other => draw(other, index)); tell(chart, index); };
          const hide = () => { charts.forEach(chart => chart.cross.replaceChildren()); tooltip.hidden = true; };
          for (const chart of charts) {
            let current = 0;
            if (!chart.columns.length) continue;
            chart.columns.forEach((column, index) =>
              column.path.addEventListener("pointerenter", () => show(chart, current = index)));
            chart.svg.addEventListener("pointerleave", hide);
            chart.svg.tabIndex = 0;
            chart.svg.addEventListener("keydown", event => {
              const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -20, PageDown: 20 }[event.key];
              if (event.key === "Escape") hide();
              if (!step) return;
              event.preventDefault();
              current = Math.max(0, Math.min(chart.columns.length - 1, current + step));
              show(chart, current);
            });
            chart.svg.addEventListener("blur", hide);
          }
        })();

        """
}
