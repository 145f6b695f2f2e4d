/** The box people write in: Enter sends, Shift+Enter makes a new line; in a channel it can answer a post. */
import { el } from "./dom.js";

export class Composer {
  #form;
  #send;
  #thread = null;

  /** `send({text, where, thread, mention})` returns a promise; its rejection puts the text back. */
  constructor(form, botName, send) {
    this.#form = form;
    this.#send = send;
    this.#$(".mention").append(` Mention @${botName}`);
    this.#$(".cancel").addEventListener("click", () => this.reply(null));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit();
    });
  }

  /** Says where the next message goes. */
  place(kind, name) {
    if (kind !== this.kind) this.#answer(null);
    this.kind = kind;
    this.#text.setAttribute("aria-label", `Message to ${name}`);
    this.#text.placeholder = kind === "channel" ? "Start a post" : "Type a message";
    this.#$(".mention").hidden = kind !== "channel";
  }

  /** Makes the next message a reply to this post; `null` goes back to a new post. */
  reply(activity) {
    this.#answer(activity);
    this.#text.focus();
  }

  /** Puts a text into the box for the person to send. */
  fill(text) {
    this.#text.value = text;
    this.#text.focus();
  }

  /** Shows suggested messages; one press sends one. */
  suggest(actions) {
    const chip = ({ title, value }) =>
      el("button", { type: "button", onclick: () => this.#deliver(value || title) }, title);
    const shown = JSON.stringify(actions);
    const chips = this.#$(".chips");
    if (chips.dataset.shown === shown) return;
    chips.dataset.shown = shown;
    chips.replaceChildren(...actions.map(chip));
  }

  notice(text) {
    this.#$(".notice").textContent = text;
  }

  get #text() {
    return this.#$("textarea");
  }

  #$(selector) {
    return this.#form.querySelector(selector);
  }

  #answer(activity) {
    this.#thread = activity?.id ?? null;
    this.#$(".replying").hidden = !activity;
    this.#$(".replying span").textContent = activity ? `Replying to ${activity.from.name}` : "";
  }

  #submit() {
    const text = this.#text.value.trim();
    if (!text) return;
    this.#text.value = "";
    this.#deliver(text);
  }

  async #deliver(text) {
    const mention = this.#$(".mention input").checked;
    this.notice("");
    try {
      await this.#send({ text, where: this.kind, thread: this.#thread, mention });
    } catch (error) {
      this.notice(error.message);
      if (!this.#text.value) this.#text.value = text;
    }
  }
}
