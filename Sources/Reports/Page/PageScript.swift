/// The script that draws the figures of a page with plotly.js.
///
/// It draws a plot when it comes near the window, all of them for print, and again when the theme
/// changes; colours come from the style sheet by the names in `PlotColor`.
package enum PageScript {
  package static let text = #"""

    (() => {
      "use strict";
      const root = document.documentElement;
      const plots = [...document.querySelectorAll("[data-plot]")];
      const drawn = new Set();

      const channels = hex => [1, 3, 5].map(place => parseInt(hex.slice(place, place + 2), 16));

      function theme() {
        const style = getComputedStyle(root);
        const property = name => style.getPropertyValue("--" + name).trim();
        const stops = [0, 1, 2, 3, 4].map(stop => channels(property("scale-" + stop)));
        const mix = position => {
          const place = position * (stops.length - 1);
          const stop = Math.min(Math.floor(place), stops.length - 2);
          return stops[stop].map((c, i) => Math.round(c + (place - stop) * (stops[stop + 1][i] - c)));
        };
        const color = token => {
          const [name, opacity = "1"] = token.slice(1).split("/");
          const rgb = name.startsWith("scale:") ? mix(+name.slice(6)) : channels(property(name));
          return `rgba(${rgb.join(",")},${opacity})`;
        };
        return { color, family: property("sans") };
      }

      function recolored(value, color) {
        if (typeof value === "string") return value.startsWith("@") ? color(value) : value;
        if (Array.isArray(value)) return value.map(part => recolored(part, color));
        if (value === null || typeof value !== "object") return value;
        return Object.fromEntries(
          Object.entries(value).map(([key, part]) => [key, recolored(part, color)]));
      }

      function draw(element) {
        const { color, family } = theme();
        const source = document.getElementById(element.dataset.plot).textContent;
        const { data, layout } = recolored(JSON.parse(source), color);
        const isPanel = element.closest(".grid") !== null;
        for (const axis of [layout.xaxis, layout.yaxis]) {
          Object.assign(axis, {
            gridcolor: color("@grid"), linecolor: color("@line"), showline: true, zeroline: false,
            ticks: "outside", ticklen: 4, tickcolor: color("@line"), tickangle: 0, fixedrange: true });
          axis.automargin = !isPanel;
          if (axis.title) axis.title.standoff = 10;
        }
        Object.assign(layout, {
          font: { family, size: isPanel ? 11 : 12.5, color: color("@muted") },
          paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
          autosize: true, showlegend: false, dragmode: false, hovermode: "closest",
          hoverlabel: {
            bgcolor: color("@paper"), bordercolor: color("@line"), align: "left",
            font: { family, size: 12.5, color: color("@ink") } } });
        drawn.add(element);
        Plotly.react(element, data, layout, { displayModeBar: false, responsive: true, doubleClick: false });
      }

      const watcher = new IntersectionObserver(entries => {
        for (const entry of entries.filter(entry => entry.isIntersecting)) {
          watcher.unobserve(entry.target);
          draw(entry.target);
        }
      }, { rootMargin: "800px" });
      plots.forEach(plot => watcher.observe(plot));

      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawn.forEach(draw));
      addEventListener("beforeprint", () => {
        root.dataset.printing = "";
        plots.forEach(draw);
      });
      addEventListener("afterprint", () => {
        delete root.dataset.printing;
        plots.forEach(draw);
      });
    })();

    """#
}
