// The mail beside the fields: a field shows its place in the mail, a place in the mail gives its value to the field.
// Without this script the same is done by links and by the list of values under the mail.
// The keys are those of keys.js, with their switch.
"use strict";

{
  const WIDE = matchMedia("(min-width: 62.01rem)"); // fields and mail side by side
  const mails = () => document.querySelector(".case-right");
  const groupOf = (field) => document.querySelector(`#case-form [data-field="${field}"], .values [data-field="${field}"]`);
  const inputOf = (field) => document.getElementById(`f-${field}`);
  const takeable = () => [...(mails()?.querySelectorAll("mark[data-take]") ?? [])];

  // Where a field was read: all its marks are strong, the first one is brought into sight; in the frame by its address.
  function point(field) {
    unpoint();
    const all = [...(mails()?.querySelectorAll(`mark[data-field="${field}"]`) ?? [])];
    const read = all.filter((mark) => mark.classList.contains("read"));
    const marks = read.length || document.querySelector("[data-frame]") ? read : all; // nowhere read: wherever it could be
    marks.forEach((mark) => mark.classList.add("strong"));
    groupOf(field)?.classList.add("strong");
    if (!WIDE.matches) return;
    const first = marks.find((mark) => !mark.closest("dl")) ?? marks[0];
    first?.closest("details")?.setAttribute("open", "");
    if (first) show(first);
    for (const frame of document.querySelectorAll("[data-frame]")) {
      frame.contentWindow.location.replace(`${frame.src.split("#")[0]}#m-${field}`);
    }
  }

  // Scroll only the boxes inside the right column: the page itself stays where the person works.
  function show(mark) {
    const edge = mails();
    for (let box = mark.parentElement; box && edge.contains(box); box = box.parentElement) {
      if (box.scrollHeight <= box.clientHeight) continue;
      const [inner, outer] = [mark.getBoundingClientRect(), box.getBoundingClientRect()];
      if (inner.top < outer.top || inner.bottom > outer.bottom) {
        box.scrollTop += inner.top - outer.top - box.clientHeight / 3;
      }
    }
  }

  function unpoint() {
    document.querySelectorAll(".strong").forEach((one) => one.classList.remove("strong"));
  }

  // Put `value` into `field`; false where the field does not know such a value. Nothing is saved yet.
  function take(field, value) {
    if (field === "modules") {
      for (const id of value.split(" ")) {
        const box = document.querySelector(`#case-form input[name="modules"][value="${CSS.escape(id)}"]`);
        if (box) box.checked = true;
      }
    } else if (field === "county") {
      const wanted = value.toLocaleLowerCase("hu");
      const option = [...inputOf(field).options].find((one) => one.value && wanted.includes(one.value.toLocaleLowerCase("hu")));
      if (!option) return false;
      inputOf(field).value = option.value;
    } else {
      inputOf(field).value = value;
    }
    note(field);
    return true;
  }

  function isChanged(group) {
    return [...group.querySelectorAll("input, select")].some((one) => {
      if (one.type === "checkbox") return one.checked !== one.defaultChecked;
      return one.tagName === "SELECT" ? !one.selectedOptions[0]?.defaultSelected : one.value !== one.defaultValue;
    });
  }

  // Tell beside the field that it differs from what is saved.
  function note(field) {
    const group = groupOf(field);
    const remark = group?.querySelector("[data-changed]");
    if (remark) remark.hidden = !isChanged(group);
  }

  function revert(group) {
    for (const one of group.querySelectorAll("input, select")) {
      if (one.type === "checkbox") one.checked = one.defaultChecked;
      else if (one.tagName === "SELECT") [...one.options].forEach((option) => { option.selected = option.defaultSelected; });
      else one.value = one.defaultValue;
    }
    note(group.dataset.field);
  }

  function say(kind, field, value) {
    const status = document.querySelector("[data-taken]");
    const name = groupOf(field)?.querySelector("label, legend")?.firstChild.textContent.trim() ?? "";
    if (status) status.textContent = status.dataset[kind].replace("{field}", () => name).replace("{value}", () => value);
  }

  function takeAndSay(field, value) {
    say(take(field, value) ? "done" : "unknown", field, value);
    point(field);
  }

  const tidy = {
    pir: (text) => text.replace(/\D/g, ""),
    email: (text) => text.replace(/^mailto:/i, "").replace(/\s/g, "").toLowerCase(),
  };

  // What is selected in a mail's text, in one line; "" elsewhere.
  function selected() {
    const selection = getSelection();
    const box = selection.anchorNode?.parentElement?.closest("[data-text], dl.headers");
    return box && mails()?.contains(box) ? selection.toString().replace(/\s+/g, " ").replace(/^[\s,;:.–-]+|[\s,;:–-]+$/g, "").slice(0, 300) : "";
  }

  function takeSelection(field) {
    const text = selected();
    if (text) takeAndSay(field, (tidy[field] ?? ((same) => same))(text));
  }

  // One stop of the tab key in the mail: the arrows go from value to value.
  function rove(current) {
    const all = takeable();
    all.forEach((mark) => {
      mark.setAttribute("role", "button");
      mark.tabIndex = mark === (current ?? all[0]) ? 0 : -1;
    });
  }

  document.addEventListener("mouseover", (event) => {
    const group = event.target.closest("[data-field]");
    if (group && !group.contains(event.relatedTarget)) {
      if (group.matches("mark")) {
        unpoint();
        group.classList.add("strong");
        groupOf(group.dataset.field)?.classList.add("strong");
      } else point(group.dataset.field);
    }
  });
  document.addEventListener("mouseout", (event) => {
    const group = event.target.closest("[data-field]");
    if (group && !group.contains(event.relatedTarget)) unpoint();
  });
  document.addEventListener("focusin", (event) => {
    const group = event.target.closest(".case-left [data-field]");
    if (group) point(group.dataset.field);
    else unpoint();
  });

  document.addEventListener("click", (event) => {
    const mark = event.target.closest("mark[data-take]");
    const pick = event.target.closest("button[name=pick]");
    const into = event.target.closest("[data-take-into]");
    const back = event.target.closest("[data-revert]");
    if (mark && !selected()) takeAndSay(mark.dataset.field, mark.dataset.take);
    if (into) takeSelection(into.dataset.takeInto);
    if (pick) {
      event.preventDefault();
      const [field, ...rest] = pick.value.split(":");
      takeAndSay(field, rest.join(":"));
      delete pick.dataset.key; // the key that took this suggestion takes the next one now
    }
    if (back) {
      const group = back.closest("[data-field]");
      revert(group);
      group.querySelector("input, select")?.focus();
      say("back", group.dataset.field, "");
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const mark = event.target.closest("mark[data-take]");
    if (mark && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      takeAndSay(mark.dataset.field, mark.dataset.take);
    } else if (mark && event.key.startsWith("Arrow")) {
      event.preventDefault();
      const all = takeable();
      const by = event.key === "ArrowRight" || event.key === "ArrowDown" ? 1 : -1;
      const next = all[Math.min(Math.max(all.indexOf(mark) + by, 0), all.length - 1)];
      rove(next);
      next.closest("details")?.setAttribute("open", "");
      next.focus();
    } else if (/^[1-5]$/.test(event.key) && keysAreOn() && selected() && !event.target.matches("input, textarea, select")) {
      event.preventDefault();
      document.querySelectorAll("[data-take-into]")[event.key - 1]?.click();
    }
  });

  document.addEventListener("selectionchange", () => {
    const bar = document.querySelector("[data-take-bar]");
    if (bar) bar.hidden = !selected();
  });
  document.addEventListener("input", (event) => {
    const group = event.target.closest("#case-form [data-field]");
    if (group) note(group.dataset.field);
  });
  document.addEventListener("mousedown", (event) => {
    if (event.target.closest("[data-take-into]")) event.preventDefault(); // the selection stays
  });
  document.addEventListener("htmx:afterSettle", () => rove());
  window.addEventListener("pageshow", () => {
    rove();
    document.querySelectorAll("#case-form [data-field]").forEach((group) => note(group.dataset.field));
  });
}
