/** One half of the page: the Teams of one person, whom the reader chooses, with that person's conversations. */
import * as api from "./api.js";
import { Composer } from "./composer.js";
import { el } from "./dom.js";
import { askForFeedback } from "./feedback.js";
import { Log } from "./log.js";

export class Pane {
  #root;
  #world;
  #kind;
  #view = null;
  #logs = new Map();
  #refreshed = new Set();
  #sending = 0;
  #acting = 0;
  #loading = null;
  #again = false;

  /** `world` is the answer of /api/people; `start` says whose conversation of which kind comes first. */
  constructor(root, world, start) {
    this.#root = root;
    this.#world = world;
    root.append(document.getElementById("pane").content.cloneNode(true));
    this.#$(".logs").id = `${root.id}-logs`;
    const kept = JSON.parse(sessionStorage.getItem(root.id) || "{}");
    this.#kind = kept.kind || start.kind;
    this.#choosePeople(kept.person || world.people.find((person) => person.first === start.first).object_id);
    this.composer = new Composer(this.#$(".composer"), world.bot.name, (message) => this.#say(message));
    this.#$(".who").addEventListener("change", () => this.#turn());
    this.#$(".app").addEventListener("click", () => this.#install());
    this.#$(".tabs").addEventListener("keydown", (event) => this.#moveTab(event));
  }

  get person() {
    return this.#$(".who").value;
  }

  /** Fetches and shows what the person sees now; calls while one is under way become one more. */
  update() {
    this.#again = true;
    this.#loading ??= this.#loadAll();
    return this.#loading;
  }

  async #loadAll() {
    try {
      while (this.#again) await this.#load();
    } finally {
      this.#loading = null;
    }
  }

  async #load() {
    this.#again = false;
    const view = await api.view(this.person).catch((error) => this.composer.notice(error.message));
    if (view?.person.object_id === this.person) this.#show(view);
  }

  #$(selector) {
    return this.#root.querySelector(selector);
  }

  #choosePeople(chosen) {
    const group = (part, label) => {
      const people = this.#world.people.filter((person) => part.includes(person.part));
      const option = ({ object_id: value, name, job }) =>
        el("option", { value, selected: value === chosen }, `${name}, ${job}`);
      return el("optgroup", { label }, people.map(option));
    };
    this.#$(".who").append(
      group(["staff"], "Staff"),
      group(["approver"], "Approvers"),
      group(["owner", "operator"], "Policy and IT"),
      group(["bystander", "guest"], "Others in the channel"),
    );
  }

  #turn(kind = this.#kind) {
    this.#kind = kind;
    this.composer.notice("");
    sessionStorage.setItem(this.#root.id, JSON.stringify({ kind, person: this.person }));
    if (this.#view?.person.object_id === this.person) this.#show(this.#view);
    this.update();
  }

  #show(view) {
    this.#view = view;
    const all = conversations(view, this.#world);
    const current = all.find((conversation) => conversation.kind === this.#kind) || all[0];
    this.composer.place(current.kind, current.name);
    this.composer.suggest(current.activities.at(-1)?.suggested_actions || []);
    this.#drawState(view, current);
    for (const log of this.#logs.values()) if (log !== this.#log(current)) log.show(false);
    for (const conversation of all) this.#log(conversation).update(conversation, view.now, this.#acting > 0);
    this.#log(current).show(true);
    this.#drawTabs(all, current);
    for (const activity of current.activities) this.#refresh(activity);
  }

  #log({ kind, name }) {
    const key = `${this.person} ${kind}`;
    if (!this.#logs.has(key)) {
      const log = new Log(name, this.#talk());
      this.#logs.set(key, log);
      this.#$(".logs").append(log.node);
    }
    return this.#logs.get(key);
  }

  #drawTabs(all, current) {
    const tabs = all.map((conversation) => {
      const { unseen } = this.#log(conversation);
      const selected = conversation === current;
      const onclick = () => this.#turn(conversation.kind);
      const tab = { type: "button", role: "tab", "aria-controls": this.#$(".logs").id, onclick };
      const state = { "aria-selected": String(selected), tabindex: selected ? "0" : "-1" };
      const badge = el("span", { class: "badge" }, String(unseen), el("span", { class: "unsighted" }, " new"));
      return el("button", { ...tab, ...state }, `${conversation.name} `, unseen > 0 && badge);
    });
    const list = this.#$(".tabs");
    const focused = list.contains(document.activeElement);
    list.replaceChildren(...tabs);
    if (focused) list.querySelector("[aria-selected=true]").focus();
  }

  #moveTab({ key }) {
    if (key !== "ArrowLeft" && key !== "ArrowRight") return;
    this.#$(".tabs [aria-selected=false]")?.click();
    this.#$(".tabs [aria-selected=true]").focus();
  }

  #drawState({ person }, current) {
    const chat = current.kind === "personal";
    const { name } = this.#world.bot;
    this.#$("h2").textContent = chat ? chatTitle(person) : "Approvers’ channel";
    this.#$(".logs").setAttribute("aria-label", current.name);
    this.#$(".app").hidden = !chat;
    this.#$(".app").textContent = person.installed ? "Remove the app" : "Add the app";
    this.#$(".empty").hidden = current.activities.length > 0;
    this.#$(".empty").textContent = empty(chat, person, name);
    this.#$(".typing").textContent = current.typing || this.#sending ? `${name} is typing …` : "";
  }

  #talk() {
    const person = this.person;
    return {
      press: ({ id, conversation }, action, inputs, told) =>
        this.#act(settle(api.press({ person, conversation, activity: id, action, inputs })), told),
      thumb: async ({ id, conversation }, reaction) => {
        const text = await askForFeedback(reaction);
        if (text === null) return;
        const answer = await settle(api.thumb({ person, conversation, activity: id, reaction, text }));
        this.composer.notice(answer.ok ? "Thank you for your feedback." : answer.text);
      },
      reply: (activity) => this.composer.reply(activity),
    };
  }

  /** What arrives until the answer to the person's own act is shown was caused by it; `told` hears of it first. */
  async #act(answer, told = () => {}) {
    this.#acting += 1;
    try {
      told(await answer);
      return await answer;
    } finally {
      await this.update();
      this.#acting -= 1;
    }
  }

  async #say(message) {
    this.#sending += 1;
    this.update();
    const said = api.say({ person: this.person, ...message }).finally(() => (this.#sending -= 1));
    this.composer.notice((await this.#act(said)).text);
  }

  async #install() {
    const change = this.#view.person.installed ? api.uninstall : api.install;
    const answer = await settle(change({ person: this.person }));
    this.composer.notice(answer.text);
    this.update();
  }

  /** Teams refreshes a card once, for the people its `refresh` names, when it comes into view. */
  #refresh({ id, conversation, cards, refresh_due: due }) {
    const key = JSON.stringify([this.person, id, cards]);
    if (!due || this.#refreshed.has(key)) return;
    this.#refreshed.add(key);
    settle(api.refresh({ person: this.person, conversation, activity: id }));
  }
}

function conversations(view, world) {
  const chat = view.conversations.find(({ kind }) => kind === "personal");
  const none = { kind: "personal", activities: [], typing: false };
  const channel = view.conversations.find(({ kind }) => kind === "channel");
  return [{ ...(chat || none), name: `Chat with ${world.bot.name}` }, ...(channel ? [channel] : [])];
}

function chatTitle({ part, first }) {
  return part === "staff" ? "Staff chat" : `${first}’s chat`;
}

function empty(chat, person, botName) {
  if (!chat) return "No posts yet. When somebody sends a request, its card appears here.";
  if (person.installed) return `Say hello, or ask ${botName} a question.`;
  return `${person.first} does not have the app. Add it to see its welcome.`;
}

async function settle(answer) {
  try {
    return await answer;
  } catch (error) {
    return { ok: false, kind: "error", text: error.message };
  }
}
