// Answers as a graph, a chart or a map: views of the editor for which the server draws what was asked.
const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  graph: "M4 4h6v4h-6zM4 16h6v4h-6zM15 10h6v4h-6zM10 6l5 5M10 18l5-5",
  chart: "M4 20V4M4 7h12M4 12h8M4 17h15",
  map: "M12 21c-5-6-6-8-6-11a6 6 0 0 1 12 0c0 3-1 5-6 11zM12 8.5a1.5 1.5 0 1 0 0 3a1.5 1.5 0 1 0 0-3",
};

function element(parent, name, words = "", attributes = {}) {
  const made = parent.ownerDocument.createElement(name);
  made.textContent = words;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  parent.append(made);
  return made;
}

export function registerPictures(Yasr, { pictures, endpoint, words, asked }) {
  async function picture(name) {
    const answer = await fetch(endpoint, {
      method: "POST",
      headers: { accept: "image/svg+xml, application/problem+json" },
      body: new URLSearchParams({ query: asked(), picture: name }),
    });
    if (answer.ok) return { source: await answer.text() };
    const problem = await answer.json().catch(() => ({}));
    return { why: [problem.detail ?? words.stopped, problem.fix].filter(Boolean).join(" ") };
  }

  for (const { name, title } of pictures) {
    Yasr.registerPlugin(name, class {
      constructor(yasr) {
        this.yasr = yasr;
        this.label = title;
        this.priority = name === "graph" ? 5 : 1;
        this.source = "";
      }

      canHandleResults() {
        const { results } = this.yasr;
        return Boolean(results && (results.getBindings()?.length || results.getStatements()?.length));
      }

      async draw() {
        const place = this.yasr.resultsEl;
        const waiting = element(place, "p", words.drawing, { class: "soft", role: "status" });
        const { source = "", why = words.stopped } = await picture(name).catch(() => ({}));
        this.source = source;
        waiting.remove();
        if (!source) {
          element(place, "p", why, { class: "empty", role: "status" });
          return;
        }
        const unstyled = source.replace(/<style>.*?<\/style>/s, "");  // the page has the style sheet
        const drawn = document.importNode(new DOMParser().parseFromString(unstyled, "image/svg+xml").documentElement, true);
        element(place, "p", drawn.querySelector("desc").textContent, { class: "soft" });
        element(place, "figure", "", { class: "picture", role: "group", tabindex: "0", "aria-label": title }).append(drawn);
      }

      download(file) {
        if (!this.source) return undefined;
        return { getData: () => this.source, filename: `${file || name}.svg`, contentType: "image/svg+xml", title };
      }

      getIcon() {
        const icon = document.createElementNS(SVG, "svg");
        const line = document.createElementNS(SVG, "path");
        const looks = { d: ICONS[name] ?? ICONS.chart, fill: "none", stroke: "currentColor", "stroke-width": "2" };
        for (const [key, value] of Object.entries(looks)) line.setAttribute(key, value);
        icon.setAttribute("viewBox", "0 0 24 24");
        icon.setAttribute("aria-hidden", "true");
        icon.append(line);
        return icon;
      }
    });
  }
  Yasr.defaults.pluginOrder = ["table", ...pictures.map((each) => each.name), "response"];
}
