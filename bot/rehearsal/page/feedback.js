/** The dialog behind the thumbs, as Teams shows it: a few words, if one likes. */

const QUESTIONS = { like: "What was helpful?", dislike: "What should be better?" };

/** Resolves to the words, possibly none, or to `null` when the person changed their mind. */
export function askForFeedback(reaction) {
  const dialog = document.getElementById("feedback");
  const words = dialog.querySelector("textarea");
  dialog.querySelector("label span").textContent = QUESTIONS[reaction];
  words.value = "";
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.onclose = () => resolve(dialog.returnValue === "send" ? words.value.trim() : null);
  });
}
