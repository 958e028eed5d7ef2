// Suggested rights as one types. The boxes are those that the server writes; without this script a button asks for them.
function box(one, begins, taken) {
  const label = document.createElement("label");
  label.className = "take";
  const head = document.createElement("span");
  const name = `${begins}${one.id}`;
  const input = Object.assign(document.createElement("input"), {
    type: "checkbox", name, value: "yes", checked: taken.has(name),
  });
  head.append(input, ` ${one.label}`);
  const why = document.createElement("span");
  why.className = "soft";
  why.textContent = one.reasons.slice(0, 3).map((reason) => reason.said).join("; ");
  label.append(head, why);
  return label;
}

function suggestFor(boxes) {
  const { address, begins } = boxes.dataset;
  const form = boxes.closest("form");
  const parts = boxes.dataset.parts.split(" ").map((name) => form.elements[name]);
  let waiting = 0;
  let asked = 0;

  async function suggest() {
    const text = parts.map((part) => part.value.trim()).filter(Boolean).join(". ").slice(0, 5000);
    const number = ++asked;
    if (!text) return;
    const answer = await fetch(`${address}?limit=6`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ text }),
    });
    if (!answer.ok || number !== asked) return;
    const found = await answer.json();
    const taken = new Set([...boxes.querySelectorAll("input:checked")].map((input) => input.name));
    if (found.suggestions.length) boxes.replaceChildren(...found.suggestions.map((one) => box(one, begins, taken)));
  }

  for (const part of parts) {
    part.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(suggest, 500);
    });
  }
}

document.querySelectorAll(".boxes").forEach(suggestFor);
