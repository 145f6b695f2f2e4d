/** The rehearsal's clock, which can be moved forward to see what time brings; token times stay real. */
import * as api from "./api.js";

const HOUR = 3_600_000; // milliseconds
const STEPS = {
  hour: () => HOUR,
  day: () => 24 * HOUR,
  month: (now) => new Date(now).setUTCMonth(now.getUTCMonth() + 1) - now,
};
const WORDS = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  timeZone: "Europe/London",
});

const shown = document.getElementById("now");
let offset = 0; // milliseconds that the rehearsal is ahead of this machine

/** Learns what time it is in the rehearsal. */
export async function readClock() {
  set(await api.clock());
}

function set({ now }) {
  offset = new Date(now) - Date.now();
  show();
}

function show() {
  const now = new Date(Date.now() + offset);
  shown.dateTime = now.toISOString();
  shown.textContent = WORDS.format(now);
}

async function move({ currentTarget }) {
  const step = STEPS[currentTarget.dataset.step];
  set(await api.moveClock({ advance_seconds: step(new Date(Date.now() + offset)) / 1000 }));
  document.getElementById("moved").textContent = `It is now ${shown.textContent}.`;
}

for (const button of document.querySelectorAll("[data-step]")) button.addEventListener("click", move);
setInterval(show, 10_000);
