"""What every page must be, in the browser: accessible (axe-core, WCAG 2.2 A and AA), and no wider than the screen.

axe-core is no part of the product; `make test` fetches it (tools/assets.py --dev).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS: dict[str, Any] = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"target-size": {"enabled": True}},  # of WCAG 2.2, off in axe-core unless asked for
    "resultTypes": ["violations"],
    "iframes": False,  # in our frames stand strangers' mails, sandboxed; axe-core has no business in there
}
CONTRAST: dict[str, Any] = OPTIONS | {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "rules": {}}
# What moves within a closed <details> waits until it is opened: no more than a second is given.
SETTLE = """() => Promise.race([
  Promise.all(document.getAnimations().map((one) => one.finished.catch(() => null))).then(() => null),
  new Promise((done) => setTimeout(done, 1000)),
])"""
# What sticks out of the screen, but for what scrolls or is cut within a box of its own.
WIDE = """() => {
  const limit = document.documentElement.clientWidth, wide = document.scrollingElement.scrollWidth;
  if (wide <= limit) return [];
  const cut = (one) => one && (getComputedStyle(one).overflowX !== "visible" || cut(one.parentElement));
  return [...document.body.querySelectorAll("*")]
    .filter((one) => one.getBoundingClientRect().right > limit + 1 && !cut(one.parentElement))
    .map((one) => one.outerHTML.slice(0, 120)).slice(0, 5).concat([`${wide} > ${limit}`]);
}"""


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


def find_violations(page: Page, options: dict[str, Any] = OPTIONS) -> list[str]:
    """By axe-core's `options`, one line for each place that breaks a rule: the rule, the element, what is wrong."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(_axe())
    page.evaluate(SETTLE)  # a colour that is just changing is measured wrong
    result = page.evaluate("(options) => axe.run(document, options)", options)
    return [
        f"{rule['id']}: {' '.join(str(one) for one in node['target'])}: {' '.join(node['failureSummary'].split())}"
        for rule in result["violations"]
        for node in rule["nodes"]
    ]


def assert_accessible(page: Page) -> None:
    """The page as it stands now breaks no rule of axe-core."""
    violations = find_violations(page)
    assert not violations, f"{page.url}:\n" + "\n".join(violations)


def find_wide(page: Page) -> list[str]:
    """What makes the page wider than the screen, and by how much; wide tables scroll within boxes of their own."""
    return list(page.evaluate(WIDE))


def assert_fits(page: Page) -> None:
    """The page needs no sideways scrolling."""
    wide = find_wide(page)
    assert not wide, f"{page.url}:\n" + "\n".join(wide)
