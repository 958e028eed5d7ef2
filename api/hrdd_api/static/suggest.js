// Suggested rights as one types. The boxes are those that the server writes; without this script a button asks for them.
const field = document.getElementById("suggestions");
const boxes = field.querySelector(".boxes");
const parts = ["label", "description"].map((name) => field.form.elements[name]);
let waiting = 0;
let asked = 0;

function box(one, taken) {
  const label = document.createElement("label");
  label.className = "take";
  const head = document.createElement("span");
  const input = Object.assign(document.createElement("input"), {
    type: "checkbox", name: `take-${one.id}`, value: "yes", checked: taken.has(`take-${one.id}`),
  });
  head.append(input, ` ${one.label}`);
  const why = document.createElement("span");
  why.className = "soft";
  why.textContent = one.reasons.slice(0, 3).map((reason) => reason.said).join("; ");
  label.append(head, why);
  return label;
}

async function suggest() {
  const text = parts.map((part) => part.value.trim()).filter(Boolean).join(". ").slice(0, 5000);
  const number = ++asked;
  if (!text) return;
  const answer = await fetch(`${field.dataset.address}?limit=6`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify({ text }),
  });
  if (!answer.ok || number !== asked) return;
  const found = await answer.json();
  const taken = new Set([...boxes.querySelectorAll("input:checked")].map((input) => input.name));
  if (found.suggestions.length) boxes.replaceChildren(...found.suggestions.map((one) => box(one, taken)));
}

for (const part of parts) {
  part.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(suggest, 500);
  });
}
