/**
 * What the page asks of the rehearsal.
 *
 * Shapes the page reads:
 *   Person        {id, name, title, role: "staff" | "approver" | "bystander"}
 *   Conversation  {id, kind: "personal" | "channel", name, waiting: bool, activities: [Activity]}
 *   Activity      {id, revision, from: {id, name, bot: bool}, time (ISO 8601), edited: bool, deleted: bool,
 *                  text, card, citations: [{position, name, abstract, url}], suggested: [{title, value}],
 *                  feedback: null | {reaction: null | "like" | "dislike"}}
 *   Outcome       {status, message}: what the bot answered to an action; status 200 or an error as Teams shows it
 * A card already is the one that this person sees: a user-specific view where the bot gave one.
 */

async function request(path, body) {
  const options = body && {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
  const response = await fetch(path, options);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error || `The rehearsal answered ${response.status}.`);
  return answer;
}

export const people = () => request("/api/people");
export const view = (person) => request(`/api/view?person=${encodeURIComponent(person)}`);
export const say = (person, conversation, text) => request("/api/say", { person, conversation, text });
export const press = (person, conversation, activity, action, inputs) =>
  request("/api/press", { person, conversation, activity, action, inputs });
export const thumb = (person, conversation, activity, reaction, text) =>
  request("/api/thumb", { person, conversation, activity, reaction, text });
export const install = (person) => request("/api/install", { person });
export const uninstall = (person) => request("/api/uninstall", { person });
export const gallery = () => request("/api/gallery");
export const faults = () => request("/api/faults");
export const setFault = (name, on) => request("/api/faults", { [name]: on });

/** Calls `changed` at once and whenever anything happened in the rehearsal; `lost(true|false)` on a broken line. */
export function listen(changed, lost) {
  const events = new EventSource("/api/events");
  events.onopen = () => lost(false);
  events.onerror = () => lost(true);
  events.onmessage = changed;
}
