/** The dialog of faults: what this Teams can do wrong, and what of it is switched on. */
import * as api from "./api.js";
import { el } from "./dom.js";

const FIELDS = {
  on: { label: "Only this operation or conversation (empty: all)", told: "only #", type: "text" },
  status: { label: "HTTP status", told: "status #", min: 400, max: 599, value: 503 },
  retry_after: { label: "Retry-After, in seconds (empty: none)", told: "again after # seconds", min: 0 },
  seconds: { label: "Seconds", told: "# seconds", min: 0, step: 0.1, value: 10 },
  times: { label: "How many times (empty: until removed)", told: "times: #", min: 1 },
};

const dialog = document.getElementById("faults");
const form = document.getElementById("add-fault");
let kinds = [];

export async function openFaults() {
  dialog.showModal();
  await change(api.faults());
}

form.elements.kind.addEventListener("change", showKind);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  change(api.changeFaults({ add: chosen() }));
});
document.getElementById("limits").addEventListener("change", ({ target }) => {
  change(api.changeFaults({ limits: target.checked }));
});

async function change(answer) {
  const notice = dialog.querySelector(".notice");
  try {
    show(await answer);
    notice.textContent = "";
  } catch (error) {
    notice.textContent = error.message;
  }
}

function show({ kinds: known, faults, limits }) {
  if (!kinds.length) {
    kinds = known;
    form.elements.kind.append(...kinds.map(({ kind, name }) => el("option", { value: kind }, name)));
    showKind();
  }
  document.getElementById("limits").checked = limits;
  const rows = faults.map((fault) => {
    const onclick = () => change(api.changeFaults({ remove: fault.id }));
    const label = `Remove ${kindOf(fault).name}`;
    return el("li", {}, describe(fault), " ", el("button", { type: "button", "aria-label": label, onclick }, "Remove"));
  });
  if (!rows.length) rows.push(el("li", {}, "Nothing: all goes well."));
  document.getElementById("faults-on").replaceChildren(...rows);
}

function showKind() {
  const { what, takes } = kindOf({ kind: form.elements.kind.value });
  const fields = [...takes, "times"].map((name) => {
    const { label, told, ...limits } = FIELDS[name];
    return el("label", {}, `${label} `, el("input", { name, type: "number", ...limits }));
  });
  form.querySelector(".what").textContent = what;
  form.querySelector(".fields").replaceChildren(...fields);
}

function chosen() {
  const filled = [...form.elements].filter(({ name, value }) => name && value !== "");
  return Object.fromEntries(filled.map(({ name, type, value }) => [name, type === "number" ? Number(value) : value]));
}

const kindOf = (fault) => kinds.find(({ kind }) => kind === fault.kind);

function describe(fault) {
  const { name, takes } = kindOf(fault);
  const set = [...takes, "times"].filter((field) => fault[field]);
  return [name, ...set.map((field) => FIELDS[field].told.replace("#", fault[field]))].join(", ");
}
