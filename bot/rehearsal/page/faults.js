/** The dialog of faults: what this Teams can do wrong, and what of it is switched on. */
import * as api from "./api.js";
import { el } from "./dom.js";

const FIELDS = {
  times: { label: "How many times (empty: until removed)", min: 1 },
  chance: { label: "Chance, 0 to 1", min: 0, max: 1, step: 0.05, value: 1 },
  status: { label: "HTTP status", min: 100, max: 599 },
  retry_after: { label: "Retry-After, seconds", min: 0 },
  seconds: { label: "Delay, seconds", min: 0, step: 0.1, value: 1 },
  on: { label: "On", text: true },
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
document.getElementById("limits").addEventListener("change", ({ target }) => change(api.changeFaults({ limits: target.checked })));

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
    form.elements.kind.append(...kinds.map(({ kind }) => el("option", { value: kind }, plain(kind))));
    showKind();
  }
  document.getElementById("limits").checked = limits;
  const rows = faults.map((fault) => {
    const remove = () => change(api.changeFaults({ remove: fault.id }));
    const label = `Remove ${plain(fault.kind)}`;
    return el("li", {}, describe(fault), " ", el("button", { type: "button", "aria-label": label, onclick: remove }, "Remove"));
  });
  document.getElementById("faults-on").replaceChildren(...(rows.length ? rows : [el("li", {}, "Nothing: all goes well.")]));
}

function showKind() {
  const { what, takes } = kinds.find(({ kind }) => kind === form.elements.kind.value);
  const fields = takes.filter((name) => FIELDS[name]).map((name) => {
    const { label, text, ...limits } = FIELDS[name];
    return el("label", {}, `${label} `, el("input", { name, type: text ? "text" : "number", ...limits }));
  });
  form.querySelector(".what").textContent = what;
  form.querySelector(".fields").replaceChildren(...fields);
}

function chosen() {
  const entries = [...new FormData(form)].filter(([, value]) => value !== "");
  return Object.fromEntries(entries.map(([name, value]) => [name, FIELDS[name] && !FIELDS[name].text ? Number(value) : value]));
}

const plain = (kind) => kind.replaceAll("_", " ");

function describe({ kind, times, status, seconds, on }) {
  const details = [status && `status ${status}`, seconds && `${seconds} s`, on && `on ${on}`, times && `${times} more`];
  return [plain(kind), ...details.filter(Boolean)].join(", ");
}
