// The keyboard of the staff page. Everything here also works with the mouse and without JavaScript.
// The keys can be switched off in the help (WCAG 2.1.4); with Ctrl, Alt or the like they are the browser's.
"use strict";

const SWITCH = "aspoktatas-keys";
const rows = () => [...document.querySelectorAll("[data-row]")];
const currentRow = () => document.querySelector("[data-row][aria-current]");
const typing = (target) => target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");

function keysAreOn() {
  try {
    return localStorage.getItem(SWITCH) !== "off";
  } catch {
    return true; // storage is forbidden: then the switch cannot be kept either
  }
}

function switchKeys(on) {
  try {
    localStorage.setItem(SWITCH, on ? "on" : "off");
  } catch {}
}

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
  const inRow = currentRow()?.querySelector(`[data-key="${key}"]`);
  const outside = [...document.querySelectorAll(`[data-key="${key}"]`)].find((one) => !one.closest("[data-row]"));
  const element = inRow ?? outside;
  if (!element) return false;
  if (element.tagName === "SUMMARY") {
    element.parentElement.open = true;
    const within = (what) => element.parentElement.querySelector(what);
    (within("[data-focus]") ?? within("textarea, select, input:not([type=hidden])"))?.focus();
  } else {
    element.click();
  }
  return true;
}

function help() {
  const dialog = document.getElementById("help");
  if (!dialog || dialog.open) return;
  for (const box of dialog.querySelectorAll("[data-keys-switch]")) box.checked = keysAreOn();
  dialog.showModal();
}

const next = () => (rows().length ? step(1) : press("n"));
const previous = () => (rows().length ? step(-1) : press("p"));
const ACTIONS = {
  j: next,
  k: previous,
  n: next,
  x: () => currentRow()?.querySelector("input[type=checkbox]")?.click(),
  "?": help,
  "/": () => document.querySelector("[data-search]")?.focus(),
  Enter: () => currentRow()?.querySelector("[data-open]")?.click(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  const opened = event.key === "Escape" && event.target.closest("details[open]:has(> summary[data-key])");
  if (opened) {
    opened.open = false;
    opened.querySelector("summary").focus();
    return;
  }
  if (event.key === "Escape" && typing(event.target)) {
    event.target.blur();
    return;
  }
  if (!keysAreOn() || typing(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "Enter") {
    if (event.target === document.body || event.target.id === "main") ACTIONS.Enter();
    return;
  }
  const action = ACTIONS[event.key];
  if (action) {
    action();
    event.preventDefault();
  } else if (/^[a-z]$/.test(event.key) && press(event.key)) {
    event.preventDefault();
  }
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-help]")) help();
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-check-all]")) {
    for (const box of document.querySelectorAll("[data-row] > input[type=checkbox]")) box.checked = event.target.checked;
  }
  if (event.target.matches("[data-keys-switch]")) switchKeys(event.target.checked);
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
  if (form.method !== "post" || event.submitter?.formTarget) return; // a look at something in a frame sends nothing off
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
});

// What only makes sense with a script shows itself; filters are folded away on a phone only.
function prepare() {
  for (const one of document.querySelectorAll("[data-help], [data-needs-script]")) one.hidden = false;
  document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  if (!matchMedia("(min-width: 55.01rem)").matches) return;
  for (const box of document.querySelectorAll("[data-open-wide]")) box.open = true;
}
prepare();
document.addEventListener("htmx:afterSwap", prepare);
window.addEventListener("pageshow", () => {
  if (location.hash === "#reason") press("r");
  for (const form of document.forms) delete form.dataset.sent;
  prepare();
});
