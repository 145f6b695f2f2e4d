/** Starts the rehearsal page: two panes, the story, the faults, and one line that says when anything changed. */
import * as api from "./api.js";
import { openFaults } from "./faults.js";
import { Pane } from "./pane.js";
import "./theme.js";

const banner = document.getElementById("lost");
const world = await api.people();
const staff = new Pane(document.getElementById("staff"), world, { first: "Priya", kind: "personal" });
const approvers = new Pane(document.getElementById("approvers"), world, { first: "Martin", kind: "channel" });

document.getElementById("open-faults").addEventListener("click", openFaults);
for (const phrase of document.querySelectorAll("[data-say]")) {
  phrase.addEventListener("click", () => staff.composer.fill(phrase.dataset.say));
}

api.listen(
  () => {
    staff.update();
    approvers.update();
  },
  (lost) => (banner.hidden = !lost),
);
