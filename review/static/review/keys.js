// The keyboard of the staff page. Everything here also works with the mouse and without JavaScript.
"use strict";

const rows = () => [...document.querySelectorAll("[data-row]")];
const currentRow = () => document.querySelector("[data-row][aria-current]");
const typing = (target) => target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");

function select(row) {
  if (!row) return;
  currentRow()?.removeAttribute("aria-current");
  row.setAttribute("aria-current", "true");
  row.scrollIntoView({ block: "nearest" });
  row.querySelector("[data-open]")?.focus({ preventScroll: true });
}

function step(by) {
  const all = rows();
  const at = all.indexOf(currentRow());
  select(all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)]);
}

// What a key means is written in the page: the element with data-key, in the current row first.
function press(key) {
  const address = currentRow()?.dataset[`key${key.toUpperCase()}`];
  if (address) {
    location.assign(address);
    return true;
  }
  const element = (currentRow() ?? document).querySelector(`[data-key="${key}"]`) ?? (rows().length ? null : document.querySelector(`[data-key="${key}"]`));
  if (!element) return false;
  if (element.tagName === "SUMMARY") {
    element.parentElement.open = true;
    element.parentElement.querySelector("textarea")?.focus();
  } else {
    element.click();
  }
  return true;
}

function help() {
  const dialog = document.getElementById("help");
  if (dialog && !dialog.open) dialog.showModal();
}

const ACTIONS = {
  j: () => step(1),
  k: () => step(-1),
  x: () => currentRow()?.querySelector("input[type=checkbox]")?.click(),
  "?": help,
  "/": () => document.querySelector("[data-search]")?.focus(),
  Enter: () => currentRow()?.querySelector("[data-open]")?.click(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape" && typing(event.target)) {
    event.target.blur();
    return;
  }
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "Enter") {
    if (event.target !== document.body && event.target.id !== "main") return;
    ACTIONS.Enter();
    return;
  }
  const action = ACTIONS[event.key];
  if (action) {
    action();
    event.preventDefault();
  } else if ("arqnp".includes(event.key) && press(event.key)) {
    event.preventDefault();
  }
});

document.addEventListener("click", (event) => {
  const suggestion = event.target.closest("[data-suggest]");
  if (suggestion) {
    const field = document.getElementById(suggestion.dataset.suggest);
    if (field) {
      field.value = suggestion.dataset.value;
      field.focus();
    }
  }
  if (event.target.closest("[data-help]")) help();
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-check-all]")) {
    for (const box of document.querySelectorAll("[data-row] > input[type=checkbox]")) box.checked = event.target.checked;
  }
});

document.addEventListener("focusin", (event) => {
  const row = event.target.closest("[data-row]");
  if (row && row !== currentRow()) {
    currentRow()?.removeAttribute("aria-current");
    row.setAttribute("aria-current", "true");
  }
});

// A second click on the same button does not send the form twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
});
// Filters are folded away on a phone only.
if (matchMedia("(min-width: 55.01rem)").matches) {
  for (const box of document.querySelectorAll("[data-open-wide]")) box.open = true;
}
window.addEventListener("pageshow", () => {
  if (location.hash === "#reason") press("r");
  document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  for (const form of document.forms) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[data-help]")) button.hidden = false;
});
