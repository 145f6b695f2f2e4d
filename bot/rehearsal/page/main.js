/** Starts the rehearsal page: two panes, the story, the faults, and one line that says when anything changed. */
import * as api from "./api.js";
import { readClock } from "./clock.js";
import { openFaults } from "./faults.js";
import { Pane } from "./pane.js";
import "./theme.js";

const banner = document.getElementById("lost");
const world = await api.people();
document.getElementById("loading").remove();
const pane = (id, start) => new Pane(document.getElementById(id), world, start);
const staff = pane("staff", { first: "Priya", kind: "personal" });
const approvers = pane("approvers", { first: "Martin", kind: "channel" });

document.getElementById("open-faults").addEventListener("click", openFaults);
const guide = document.querySelector(".guide");
const roomy = matchMedia("(min-width: 50rem)").matches;
guide.open = (localStorage.getItem("guide") || (roomy ? "open" : "closed")) === "open";
guide.querySelector("summary").addEventListener("click", () => {
  localStorage.setItem("guide", guide.open ? "closed" : "open"); // it opens or closes after the click
});
for (const phrase of document.querySelectorAll(".phrase")) {
  phrase.addEventListener("click", () => staff.composer.fill(phrase.textContent));
}

api.listen(
  () => {
    readClock();
    staff.update();
    approvers.update();
  },
  (lost) => {
    if (!lost && !banner.hidden) location.reload(); // another rehearsal: what stands here is of the last one
    banner.hidden = !lost;
  },
);
