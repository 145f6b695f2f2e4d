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

/** Shows what time it is in the rehearsal. */
export async function showClock() {
  show(await api.clock());
}

function show({ now }) {
  shown.dateTime = now;
  shown.textContent = WORDS.format(new Date(now));
}

async function move({ currentTarget }) {
  const step = STEPS[currentTarget.dataset.step];
  const { now } = await api.clock();
  show(await api.moveClock({ advance_seconds: step(new Date(now)) / 1000 }));
  document.getElementById("moved").textContent = `It is now ${shown.textContent}.`;
}

for (const button of document.querySelectorAll("[data-step]")) button.addEventListener("click", move);
setInterval(showClock, 30_000);
