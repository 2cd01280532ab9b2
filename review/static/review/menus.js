// The header's menus are <details>; here they also close by Escape, by a click elsewhere, and when the focus leaves.
"use strict";

const openMenu = () => document.querySelector("header.site details[open]");

document.addEventListener("keydown", (event) => {
  const menu = openMenu();
  if (event.key !== "Escape" || !menu) return;
  const within = menu.contains(event.target);
  menu.open = false;
  if (within) menu.querySelector("summary").focus();
});

for (const kind of ["click", "focusin"]) {
  document.addEventListener(kind, (event) => {
    const menu = openMenu();
    if (menu && !menu.contains(event.target)) menu.open = false;
  });
}
