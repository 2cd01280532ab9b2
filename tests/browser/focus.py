"""What the keyboard alone must find on a page: everything can be reached, and is seen where it is."""

from __future__ import annotations

from playwright.sync_api import Page

# After a Tab the browser counts what scripts focus as focused by the keyboard, so that all can be looked at in one go.
LOOK = """() => {
  const wanted = "a[href], button, input:not([type=hidden]), select, textarea, summary, iframe, [tabindex='0']";
  const shown = (one) => one.checkVisibility({ visibilityProperty: true }) && !one.disabled && !one.closest("[inert]");
  const SPOTS = [0.1, 0.5, 0.9];
  const open = document.querySelector("dialog[open]") ?? document;
  const faults = [];
  for (const one of open.querySelectorAll(wanted)) {
    if (!shown(one)) continue;
    const tag = one.outerHTML.slice(0, 120);
    one.focus();
    if (document.activeElement !== one) { faults.push(`cannot be focused: ${tag}`); continue; }
    if (one.tagName === "IFRAME") continue;
    const style = getComputedStyle(one);
    if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) faults.push(`no ring: ${tag}`);
    const box = one.getBoundingClientRect();
    const at = (x, y) => document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
    const own = (top) => top && (one.contains(top) || top.contains(one) || one.labels?.[0]?.contains(top));
    const seen = SPOTS.some((x) => SPOTS.some((y) => own(at(x, y))));
    if (!seen) faults.push(`hidden while focused: ${tag}`);
  }
  document.activeElement?.blur();
  return faults;
}"""


def find_unseen(page: Page) -> list[str]:
    """One line for each thing that takes no focus, shows none, or lies under something else when it has it."""
    page.keyboard.press("Tab")
    return list(page.evaluate(LOOK))
