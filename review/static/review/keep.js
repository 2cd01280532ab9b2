// What was typed outlives the end of the session: it waits in this tab while the person logs in again.
// It is kept for the same person and page alone, and gone with the tab, with a log-out, and with the next page that opens
// without a log-in in between. Passwords, codes and files are never kept.
"use strict";

{
  const KEPT = "aspoktatas-typed";
  const TYPED = "input:is([type=text], [type=email], [type=date], [type=number], [type=checkbox], [type=radio], :not([type])), select, textarea";
  const me = document.body.dataset.person; // none before the log-in
  const isBox = (field) => field.type === "checkbox" || field.type === "radio";
  let leaving = false;

  function read() {
    try {
      return JSON.parse(sessionStorage.getItem(KEPT));
    } catch {
      return null; // storage is forbidden, or somebody else wrote there
    }
  }

  function write(typed) {
    try {
      if (typed) sessionStorage.setItem(KEPT, JSON.stringify(typed));
      else sessionStorage.removeItem(KEPT);
    } catch {}
  }

  // Every field of the forms that send something off, with the name under which it is found again.
  function fields() {
    const met = {};
    return [...document.querySelectorAll(TYPED)].filter((field) => {
      return field.name && field.form?.method === "post" && !field.form.querySelector("[type=password], [autocomplete=one-time-code]");
    }).map((field) => {
      const name = [field.form.getAttribute("action")?.split("?")[0] ?? "", field.name, isBox(field) ? field.value : ""].join(" ");
      met[name] = (met[name] ?? 0) + 1;
      return { field, name: `${name} ${met[name]}` };
    });
  }

  function isChanged(field) {
    if (isBox(field)) return field.checked !== field.defaultChecked;
    if (field.tagName === "SELECT") return [...field.options].some((option) => option.selected !== option.defaultSelected) && field.value !== first(field);
    return field.value !== field.defaultValue;
  }

  // What a list shows by itself where the page names no option.
  const first = (list) => ([...list.options].find((option) => option.defaultSelected) ?? list.options[0])?.value;

  function putBack(typed) {
    for (const { field, name } of fields()) {
      if (!(name in typed)) continue;
      if (isBox(field)) field.checked = typed[name];
      else field.value = typed[name];
      for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      document.querySelector("[data-kept]").hidden = false;
    }
  }

  document.addEventListener("submit", (event) => {
    leaving = event.target.matches(".leave");
  });
  addEventListener("pagehide", () => {
    if (leaving) write(null);
    if (leaving || !me) return;
    const changed = fields().filter(({ field }) => isChanged(field));
    const typed = Object.fromEntries(changed.map(({ field, name }) => [name, isBox(field) ? field.checked : field.value]));
    if (changed.length) write({ me, page: location.pathname, typed });
  });
  document.addEventListener("DOMContentLoaded", () => { // the other scripts listen by now
    const kept = read();
    if (!kept) return;
    if (!me) write({ ...kept, over: true });
    else if (!kept.over || kept.me !== me) write(null);
    else if (kept.page === location.pathname) {
      write(null);
      putBack(kept.typed);
    }
  });
}
