/** The activities of one conversation as one person sees them; a channel's posts with their replies. */
import { ActivityView } from "./activity.js";
import { el } from "./dom.js";

const NEAR_END = 80; // pixels from the end at which the log still follows what is new

export class Log {
  #views = new Map();
  #replies = new Map();
  #talk;
  #log;
  #newer;
  #seen = 0;
  #atEnd = true;
  #below = null;

  /** `talk` is what an activity needs, and `reply(activity)`. */
  constructor(label, talk) {
    this.#talk = talk;
    const attributes = { class: "log", role: "log", "aria-label": label, "aria-live": "off", tabindex: "0" };
    this.#log = el("div", attributes);
    const button = { class: "newer primary", type: "button", hidden: true, onclick: () => this.#goDown() };
    this.#newer = el("button", button, "New message ↓");
    this.node = el("div", { class: "log-frame", hidden: true }, this.#log, this.#newer);
    this.#log.addEventListener("scroll", () => this.#scrolled());
    new ResizeObserver(() => this.#atEnd && this.#toEnd()).observe(this.#log);
  }

  /** Follows what is new if the end is in view or if it is the person's `own`: their message, or its answer. */
  update({ activities, kind }, now, own) {
    const following = own || this.#nearEnd();
    const added = activities.filter((activity) => !this.#views.has(activity.id));
    for (const activity of activities) this.#views.get(activity.id)?.update(activity, now);
    for (const activity of added) this.#add(activity, now, kind);
    if (added.length && (following || added.some((activity) => activity.mine))) this.#reveal(added.at(-1));
    else if (added.length) this.#below ??= added[0];
    this.#newer.hidden = this.#below === null || this.#nearEnd();
    if (!this.node.hidden) this.#seen = this.#views.size;
  }

  /** Shows or hides the log; what it already holds is not read out, what comes while it is shown is. */
  show(shown) {
    if (shown === !this.node.hidden) return;
    this.node.hidden = !shown;
    this.#log.ariaLive = "off";
    if (!shown) return;
    this.#reveal([...this.#views.values()].at(-1)?.activity);
    this.#seen = this.#views.size;
    requestAnimationFrame(() => (this.#log.ariaLive = "polite"));
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
    else if (kind === "channel" && activity.from.kind !== "system") this.#log.append(this.#post(activity, view));
    else this.#log.append(view.node);
  }

  #post(activity, view) {
    const reply = () => this.#talk.reply(activity);
    const label = `Reply to ${activity.from.name}`;
    const button = el("button", { class: "reply", type: "button", "aria-label": label, onclick: reply }, "Reply");
    this.#replies.set(activity.id, button);
    return el("div", { class: "post" }, view.node, button);
  }

  #nearEnd() {
    return this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < NEAR_END;
  }

  #toEnd() {
    this.#log.scrollTop = this.#log.scrollHeight;
  }

  /** Brings the newest into view, but never hides the beginning of something tall. */
  #reveal(activity) {
    if (activity) this.#log.scrollTop = this.#views.get(activity.id).node.offsetTop - 12;
    this.#atEnd = this.#nearEnd();
    this.#below = null;
  }

  #scrolled() {
    this.#atEnd = this.#nearEnd();
    if (this.#atEnd) this.#below = null;
    this.#newer.hidden = this.#below === null;
  }

  #goDown() {
    const { id } = this.#below;
    this.#reveal(this.#below);
    this.#views.get(id).node.focus({ preventScroll: true });
    this.#newer.hidden = true;
  }
}
