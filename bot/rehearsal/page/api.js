/** What the page asks of the rehearsal; the docstring of `page.py` describes every answer. */

async function request(path, body) {
  const options = body && {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
  const response = await fetch(path, options).catch(() => {
    throw new Error("The rehearsal does not answer.");
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error || `The rehearsal answered ${response.status}.`);
  return answer;
}

const post = (name) => (body) => request(`/api/${name}`, body);

export const people = () => request("/api/people");
export const view = (person) => request(`/api/view?person=${encodeURIComponent(person)}`);
export const gallery = () => request("/api/gallery");
export const faults = () => request("/api/faults");
export const clock = () => request("/api/clock");
export const moveClock = post("clock");
export const changeFaults = post("faults");
export const say = post("say");
export const press = post("press");
export const refresh = post("refresh");
export const thumb = post("thumb");
export const install = post("install");
export const uninstall = post("uninstall");

/** Calls `changed` at once and after every change in the rehearsal, and `lost` with true or false about the line. */
export function listen(changed, lost) {
  const events = new EventSource("/api/events");
  events.onopen = () => lost(false);
  events.onerror = () => lost(true);
  events.onmessage = changed;
}
