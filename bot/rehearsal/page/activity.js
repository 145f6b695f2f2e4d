/** One activity of a conversation: who said it, its text, cards, references and thumbs. */
import { drawCard } from "./card.js";
import { el } from "./dom.js";
import { fillText, replaceMarks } from "./text.js";

const clockTime = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/London" });
const clockDay = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "Europe/London" });

const READING = 10_000; // milliseconds for which the card that answers a press counts as not yet read

let made = 0;

/** Draws an activity and redraws only the parts of it that changed, so that a half-filled card stays as it is. */
export class ActivityView {
  #parts = {};
  #drawn = {};
  #notice = "";
  #answered = -READING;
  #talk;

  /**
   * `talk` has `thumb(activity, reaction)` and `press(activity, action, inputs, told)`, which calls `told(answer)`
   * before, and resolves after, what the press caused is shown.
   */
  constructor(activity, now, talk) {
    made += 1;
    this.#talk = talk;
    for (const name of ["head", "text", "kept", "cards", "references", "feedback", "outcome"]) {
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

  /** Redraws a part whose data changed; shows a card's beginning to one who pressed it, and keeps the focus there. */
  #draw(name, data, draw) {
    const state = JSON.stringify(data ?? null);
    if (this.#drawn[name] === state) return;
    this.#drawn[name] = state;
    const part = this.#parts[name];
    const focused = part.contains(document.activeElement) && document.activeElement.getAttribute("aria-label");
    part.replaceChildren(...draw());
    part.hidden = !part.hasChildNodes();
    if (name === "cards") this.#keepNotice();
    const same = focused && name !== "cards" && part.querySelector(`[aria-label="${CSS.escape(focused)}"]`);
    if (focused !== false) (same || this.node).focus({ preventScroll: true });
    if (name === "cards" && (focused !== false || this.#pressed)) this.node.scrollIntoView();
  }

  #drawCards() {
    if (!this.#busy) this.#parts.outcome.replaceChildren();
    return this.activity.cards.map((card) => drawCard(card, (action, inputs) => this.#press(action, inputs)));
  }

  /** Teams would lose a notice whose card everybody's new one replaces at once: two people pressed together. */
  #keepNotice() {
    const { cards, kept } = this.#parts;
    const lost = this.#pressed && !cards.textContent.includes(this.#notice);
    kept.replaceChildren(...(lost ? [el("p", {}, this.#notice)] : []));
  }

  get #busy() {
    return this.#parts.cards.ariaBusy === "true";
  }

  /** Whether what is on the card now answers a press of this person. */
  get #pressed() {
    return this.#busy || performance.now() - this.#answered < READING;
  }

  async #press(action, inputs) {
    const { cards, kept, outcome } = this.#parts;
    if (this.#busy) return;
    cards.ariaBusy = "true";
    this.#notice = "";
    kept.replaceChildren();
    outcome.replaceChildren(el("p", { class: "working" }, "Sending …"));
    const answer = await this.#talk.press(this.activity, action, inputs, (told) => this.#tell(told));
    cards.ariaBusy = "false";
    if (answer.kind === "card") this.#replaced(answer.text);
  }

  #replaced(notice) {
    this.#notice = notice;
    this.#answered = performance.now();
    this.#keepNotice();
  }

  #tell({ kind, text }) {
    const { outcome } = this.#parts;
    outcome.replaceChildren();
    if (kind === "card" || !text) return;
    outcome.append(el("p", { class: kind === "message" ? "told" : "failed" }, text));
    outcome.scrollIntoView({ block: "nearest" });
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
