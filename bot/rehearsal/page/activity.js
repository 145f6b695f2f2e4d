/** One activity of a conversation: who said it, its text, cards, references and thumbs. */
import { drawCard } from "./card.js";
import { el } from "./dom.js";
import { fillText, replaceMarks } from "./text.js";

const clockTime = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/London" });
const clockDay = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "Europe/London" });

let made = 0;

/** Draws an activity and redraws only the parts of it that changed, so that a half-filled card stays as it is. */
export class ActivityView {
  #parts = {};
  #drawn = {};
  #talk;

  /** `talk` has `press(activity, action, inputs)` and `thumb(activity, reaction)`. */
  constructor(activity, now, talk) {
    made += 1;
    this.#talk = talk;
    for (const name of ["head", "text", "cards", "references", "feedback", "outcome"]) {
      this.#parts[name] = el("div", { class: name });
    }
    this.#parts.head.id = `activity-${made}`;
    const body = el("div", { class: "body" }, Object.values(this.#parts));
    const attributes = { class: `activity ${activity.mine ? "mine" : activity.from.kind}`, tabindex: "-1" };
    if (activity.from.kind === "system") this.node = el("p", attributes, activity.text);
    else this.node = el("article", { ...attributes, "aria-labelledby": this.#parts.head.id }, avatar(activity), body);
    this.update(activity, now);
  }

  update(activity, now) {
    this.activity = activity;
    const day = clockDay.format(new Date(activity.time));
    const today = day === clockDay.format(new Date(now));
    this.#draw("head", [activity.edited, today], () => head(activity, today ? "" : `${day} `));
    this.#draw("text", [activity.text, activity.deleted, activity.citations], () => text(activity));
    this.#draw("cards", activity.cards, () => this.#drawCards());
    this.#draw("references", activity.citations, () => activity.citations.map(reference));
    this.#draw("feedback", activity.feedback, () => thumbs(activity, this.#talk));
  }

  /** Redraws a part whose data changed, and keeps the focus in it or, for a new card, at the card's beginning. */
  #draw(name, data, draw) {
    const state = JSON.stringify(data ?? null);
    if (this.#drawn[name] === state) return;
    this.#drawn[name] = state;
    const part = this.#parts[name];
    const focused = part.contains(document.activeElement) && document.activeElement.getAttribute("aria-label");
    part.replaceChildren(...draw());
    part.hidden = !part.hasChildNodes();
    if (focused === false) return;
    const same = name !== "cards" && part.querySelector(`[aria-label="${CSS.escape(focused)}"]`);
    (same || this.node).focus({ preventScroll: true });
    if (!same) this.node.scrollIntoView();
  }

  #drawCards() {
    if (this.#parts.cards.ariaBusy !== "true") this.#parts.outcome.replaceChildren();
    return this.activity.cards.map((card) => drawCard(card, (action, inputs) => this.#press(action, inputs)));
  }

  async #press(action, inputs) {
    const { cards, outcome } = this.#parts;
    if (cards.ariaBusy === "true") return;
    cards.ariaBusy = "true";
    outcome.replaceChildren(el("p", { class: "working" }, "Sending …"));
    const result = await this.#talk.press(this.activity, action, inputs);
    cards.ariaBusy = "false";
    const kind = result.kind === "message" ? "told" : "failed";
    outcome.replaceChildren(...(result.text ? [el("p", { class: kind }, result.text)] : []));
    if (result.text) outcome.scrollIntoView({ block: "nearest" });
  }
}

function avatar({ from }) {
  const initials = from.kind === "bot" ? "AI" : from.name.split(" ").map((word) => word[0]).slice(-2).join("");
  return el("div", { class: "avatar", "aria-hidden": "true" }, initials);
}

function head(activity, day) {
  const time = new Date(activity.time);
  return [
    el("span", { class: "name" }, activity.from.name),
    el("time", { datetime: activity.time }, `${day}${clockTime.format(time)}`),
    activity.edited && el("span", { class: "edited" }, "Edited"),
  ].filter(Boolean);
}

function text(activity) {
  if (activity.deleted) return [el("em", {}, "This message has been deleted.")];
  const node = el("div");
  fillText(node, activity);
  replaceMarks(node, (position) => mark(activity.citations.find((citation) => citation.position === position)));
  return [...node.childNodes];
}

function mark(citation) {
  if (!citation) return null;
  const { position, name } = citation;
  const open = (event) => {
    event.preventDefault();
    const reference = event.currentTarget.closest(".body").querySelector(`[data-position="${position}"]`);
    reference.open = true;
    reference.querySelector("summary").focus();
  };
  const label = `Reference ${position}: ${name}`;
  return el("sup", {}, el("a", { href: "#", class: "mark", onclick: open, "aria-label": label }, String(position)));
}

function reference({ position, name, abstract, url }) {
  const link = url?.startsWith("https://") && { href: url, target: "_blank", rel: "noopener noreferrer" };
  return el(
    "details",
    { "data-position": position },
    el("summary", {}, el("span", { class: "position" }, String(position)), ` ${name}`),
    el("p", {}, abstract || ""),
    link && el("a", link, "Open the policy"),
  );
}

function thumbs({ feedback, id, conversation }, talk) {
  if (!feedback) return [];
  return [
    ["like", "Helpful", "M7 21H4V10h3m0 11h10l3-8v-3h-6l1-6-2-1-6 7"],
    ["dislike", "Not helpful", "M17 3h3v11h-3m0-11H7l-3 8v3h6l-1 6 2 1 6-7"],
  ].map(([reaction, label, path]) => {
    const pressed = String(feedback.mine === reaction);
    const onclick = () => talk.thumb({ id, conversation }, reaction);
    const names = { "aria-pressed": pressed, "aria-label": label, title: label };
    const button = el("button", { type: "button", ...names, onclick });
    button.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${path}"/></svg>`;
    return button;
  });
}
