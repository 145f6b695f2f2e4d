/** Draws Adaptive Cards with Microsoft's renderer (the global `AdaptiveCards`) and reads what people fill in. */
import { el } from "./dom.js";
import { HOST_CONFIG } from "./host-config.js";
import { toHtml } from "./text.js";

const NEWEST_VERSION = 1.5; // Teams shows the fallback text of anything newer.
const hostConfig = new AdaptiveCards.HostConfig(HOST_CONFIG);
let drawn = 0;

AdaptiveCards.GlobalSettings.setTabIndexAtCardRoot = false;
AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = toHtml(text);
  result.didProcess = true;
};

/** Draws `json`; `pressed(action, inputs)` hears of every button whose inputs are valid and that the bot answers. */
export function drawCard(json, pressed) {
  if (Number(json.version) > NEWEST_VERSION) return el("p", { class: "card" }, json.fallbackText || "");
  const card = new AdaptiveCards.AdaptiveCard();
  card.hostConfig = hostConfig;
  card.onExecuteAction = (action) => execute(action, pressed);
  card.onAnchorClicked = () => false;
  card.parse(json);
  const onsubmit = (event) => event.preventDefault();
  const node = el("form", { class: "card", novalidate: true, onsubmit }, card.render());
  keepIdsApart(node);
  nameChoices(node);
  nameAreas(node);
  tellState(node);
  const changes = { subtree: true, attributeFilter: ["class", "aria-expanded"] };
  new MutationObserver(() => tellState(node)).observe(node, changes);
  return node;
}

function execute(action, pressed) {
  if (action instanceof AdaptiveCards.OpenUrlAction) openHttps(action.url);
  else if (action instanceof AdaptiveCards.SubmitActionBase) pressed(action.toJSON(), inputsOf(action));
}

function openHttps(address) {
  if (/^https:\/\//i.test(address)) window.open(address, "_blank", "noopener,noreferrer");
}

function inputsOf(action) {
  const inputs = Object.entries(action.getReferencedInputs()).filter(([, input]) => input.isSet());
  return Object.fromEntries(inputs.map(([id, input]) => [id, String(input.value)]));
}

/** The same card may stand on the page several times, so its own ids get a number. */
function keepIdsApart(node) {
  drawn += 1;
  const renamed = (id) => `card${drawn}-${id}`;
  const own = [...node.querySelectorAll("[id]")].filter((part) => !part.id.startsWith("__ac-"));
  const names = new Set(own.map((part) => part.id));
  for (const part of own) part.id = renamed(part.id);
  for (const part of node.querySelectorAll("[aria-controls]")) {
    const targets = part.getAttribute("aria-controls").split(" ").filter((id) => names.has(id));
    part.setAttribute("aria-controls", targets.map(renamed).join(" "));
  }
}

/** The renderer reads a group's label with its first choice only; as a named group it is heard from each. */
function nameChoices(node) {
  for (const group of node.querySelectorAll(".ac-choiceSetInput-expanded, .ac-choiceSetInput-multiSelect")) {
    const first = group.querySelector("input");
    const [label, choice] = first?.getAttribute("aria-labelledby").split(" ") || [];
    group.setAttribute("role", first?.type === "radio" ? "radiogroup" : "group");
    if (choice) group.setAttribute("aria-labelledby", label);
  }
}

/** A pressable area is called by what stands in it; the renderer would call it by its action alone. */
function nameAreas(node) {
  for (const area of node.querySelectorAll("div.ac-selectable[role=button]")) area.removeAttribute("aria-label");
}

/** What the renderer shows by looks alone, or says of the wrong element: a field in error, an area opened. */
function tellState(node) {
  for (const field of node.querySelectorAll(".ac-input")) {
    if (field.classList.contains("ac-input-validation-failed")) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
  for (const opener of node.querySelectorAll("button[aria-controls]")) {
    const area = node.querySelector(`#${CSS.escape(opener.getAttribute("aria-controls").split(" ")[0])}`);
    area.removeAttribute("aria-expanded");
    const expanded = String(area.style.display !== "none");
    if (opener.ariaExpanded !== expanded) opener.ariaExpanded = expanded;
  }
}
