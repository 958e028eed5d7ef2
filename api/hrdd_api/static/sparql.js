// The SPARQL editor over the plain form, which stays where this script does not run. It asks this server and no other:
// its ways to prefix.cc and to Linked Open Vocabularies are closed, and terms come from the ontology that is served here.
import { registerPictures } from "./sparql_pictures.js";

const place = document.getElementById("editor");
const form = document.getElementById("asking");
const { endpoint, prefixes, terms, examples, pictures, words } = JSON.parse(place.dataset.settings);
const Yasqe = Yasgui.Yasqe;

const declared = (text) => new Set(Array.from(text.matchAll(/^\s*PREFIX\s+([\w-]*):/gim), (match) => match[1]));

// The prefixes that the server knows, declared for the reader where the query uses them.
function withPrefixes(text) {
  const there = declared(text);
  const used = new Set(Array.from(text.replace(/<[^>]*>|"[^"]*"/g, "").matchAll(/(?<![\w?$:-])([\w-]+):/g), (match) => match[1]));
  const lines = Object.keys(prefixes).filter((name) => used.has(name) && !there.has(name));
  return lines.map((name) => `PREFIX ${name}: <${prefixes[name]}>\n`).join("") + text;
}

let known;
const ontology = () => (known ??= fetch(terms, { headers: { accept: "application/json" } }).then((answer) => answer.json()));

for (const [name, group] of [["class", "classes"], ["property", "properties"]]) {
  Yasqe.forkAutocompleter(name, {
    name: `hrdd-${name}`,
    bulk: true,
    autoShow: false,
    persistenceId: null,
    get: async () => (await ontology())[group].map((term) => term.iri),
  });
}
Yasqe.forkAutocompleter("prefixes", {
  name: "hrdd-prefixes",
  persistenceId: null,
  get: () => Object.entries(prefixes).map(([name, address]) => `${name}: <${address}>`),
});

const text = form.elements.query.value;
let asked = "";
registerPictures(Yasgui.Yasr, { pictures, endpoint, words, asked: () => asked });
form.hidden = true;
place.hidden = false;
const editor = new Yasgui(place, {
  requestConfig: { endpoint, method: "POST" },
  copyEndpointOnNewTab: false,
  endpointCatalogueOptions: { getData: () => [], keys: [], renderItem: () => {} },
  populateFromUrl: false,
  persistenceId: null,
  yasqe: {
    autocompleters: ["variables", "hrdd-prefixes", "hrdd-class", "hrdd-property"],
    prefixCcApi: null,
    createShareableLink: (yasqe) => `${location.origin}${endpoint}?query=${encodeURIComponent(yasqe.getValue())}`,
  },
});
const ask = () => editor.getTab().getYasqe();
ask().setValue(withPrefixes(text));
ask().on("query", (yasqe) => { asked = yasqe.getValue(); });

// Choosing an example puts its query into the editor.
const chooser = document.getElementById("example");
chooser.addEventListener("change", async () => {
  if (!chooser.value) return;
  const answer = await fetch(examples.replace("NAME", chooser.value));
  ask().setValue(withPrefixes((await answer.text()).replace(/^#\+.*\n?/gm, "").trim()));
});

// What the editor leaves without a name gets one.
function name() {
  const give = (selector, label) => place.querySelectorAll(selector).forEach((found) => {
    if (!found.hasAttribute("aria-label")) found.setAttribute("aria-label", label);
  });
  give(".CodeMirror textarea", words.query);
  give(".tableSizer", words.size);
  give(".tableFilter", words.filter);
  place.querySelectorAll("th.dt-orderable-none").forEach((found) => { if (!found.textContent.trim()) found.prepend("#"); });
}
name();
new MutationObserver(name).observe(place, { childList: true, subtree: true });
