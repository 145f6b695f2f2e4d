/** The activities of one conversation as one person sees them; a channel's posts with their replies. */
import { ActivityView } from "./activity.js";
import { el } from "./dom.js";

const NEAR_END = 80; // pixels from the end at which the log still follows what is new

export class Log {
  #views = new Map();
  #replies = new Map();
  #talk;
  #seen = 0;
  #atEnd = true;

  /** `talk` has `press(activity, action, inputs)`, `thumb(activity, reaction)` and `reply(activity)`. */
  constructor(label, talk) {
    this.#talk = talk;
    const attributes = { class: "log", role: "log", "aria-label": label, "aria-live": "off", tabindex: "0", hidden: true };
    this.node = el("div", attributes);
    this.node.addEventListener("scroll", () => (this.#atEnd = this.#nearEnd()));
    new ResizeObserver(() => this.#atEnd && this.#toEnd()).observe(this.node);
  }

  update({ activities, kind }, now) {
    const following = this.#nearEnd();
    const added = activities.filter((activity) => !this.#views.has(activity.id));
    for (const activity of activities) this.#views.get(activity.id)?.update(activity, now);
    for (const activity of added) this.#add(activity, now, kind);
    if (added.length && (following || added.at(-1).mine)) this.#reveal(this.#views.get(added.at(-1).id).node);
    if (!this.node.hidden) this.#seen = this.#views.size;
  }

  /** Shows or hides the log; what it already holds is not read out, what comes while it is shown is. */
  show(shown) {
    if (shown === !this.node.hidden) return;
    this.node.hidden = !shown;
    this.node.ariaLive = "off";
    if (!shown) return;
    this.#toEnd();
    this.#seen = this.#views.size;
    requestAnimationFrame(() => (this.node.ariaLive = "polite"));
  }

  /** How many activities arrived since the log was last on show. */
  get unseen() {
    return this.#views.size - this.#seen;
  }

  #add(activity, now, kind) {
    const view = new ActivityView(activity, now, this.#talk);
    this.#views.set(activity.id, view);
    const reply = this.#replies.get(activity.thread);
    if (reply) reply.before(view.node);
    else if (kind === "channel" && activity.from.kind !== "system") this.node.append(this.#post(activity, view));
    else this.node.append(view.node);
  }

  #post(activity, view) {
    const reply = () => this.#talk.reply(activity);
    const label = `Reply to ${activity.from.name}`;
    const button = el("button", { class: "reply", type: "button", "aria-label": label, onclick: reply }, "Reply");
    this.#replies.set(activity.id, button);
    return el("div", { class: "post" }, view.node, button);
  }

  #nearEnd() {
    return this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight < NEAR_END;
  }

  #toEnd() {
    this.node.scrollTop = this.node.scrollHeight;
  }

  /** Brings the newest into view, but never hides the beginning of something tall. */
  #reveal(node) {
    this.node.scrollTop = node.offsetTop - 12;
  }
}
