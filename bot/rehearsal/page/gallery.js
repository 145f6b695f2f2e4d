/** Draws every card with its sample data; a button says what it would send. */
import * as api from "./api.js";
import { drawCard } from "./card.js";
import { el } from "./dom.js";
import "./theme.js";

const plain = (name) => name.replaceAll("-", " ").replace(/^./, (letter) => letter.toUpperCase());

function say(action, inputs) {
  const words = Object.entries(inputs).map(([id, value]) => `${id}: ${value}`);
  document.getElementById("sent").textContent = `Would send ${action.verb || action.title}. ${words.join("; ")}`;
}

function sample({ name, card, error }) {
  const heading = el("h2", { id: `${name}-title` }, plain(name));
  const body = card ? drawCard(card, say) : el("p", { class: "failed" }, error);
  return el("section", { id: name, class: "sample", "aria-labelledby": heading.id }, heading, body);
}

const { cards } = await api.gallery();
document.getElementById("names").append(
  ...cards.map(({ name }) => el("li", {}, el("a", { href: `#${name}` }, plain(name)))),
);
document.getElementById("cards").append(...cards.map(sample));
