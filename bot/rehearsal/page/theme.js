/** Light, dark, or what the system says; remembered for the next visit. */

const root = document.documentElement;
const choice = document.getElementById("theme");

function apply(theme) {
  root.dataset.theme = theme;
  choice.value = theme;
}

apply(localStorage.getItem("theme") || "system");
choice.addEventListener("change", () => {
  localStorage.setItem("theme", choice.value);
  apply(choice.value);
});
