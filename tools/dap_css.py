"""DÁP's style sheets as the page takes them: colours and sizes of a theme, and the looks of HTML's own elements.

DÁP styles an element by classes of its own (`dds-button dds-button--md dds-button--primary`). The page's templates say
what a thing is (`<button class="primary">`); `WORDS` below is the one place where the two meet. A rule of which a class
stands for nothing on our pages is left out, and so is a rule for DÁP's own wrappers. Everything is in `:where()`, so
that any rule of ours wins over DÁP's by standing after it. Pictures inside the sheet (data: addresses, which the page's
Content-Security-Policy refuses) become files.
"""

from __future__ import annotations

import hashlib
import re
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass

BUTTON = 'button, .button, input[type="submit"]'
WORDS = {
    "dds-button": f":is({BUTTON}):not(.link)",
    "dds-button--md": f":is({BUTTON}):not(.link, .small)",
    "dds-button--sm": f":is({BUTTON}).small",
    "dds-button--primary": ":is(button, .button).primary, :is(button, .button).danger:not(.quiet)",
    "dds-button--outline": f":is({BUTTON}):not(.primary, .danger, .link), :is(button, .button).danger.quiet",
    "dds-button--danger": ":is(button, .button).danger",
    "dds-input": ':is(input:not([type]), input:is([type="text"], [type="search"], [type="password"], [type="email"], '
    '[type="number"], [type="date"], [type="datetime-local"], [type="month"], [type="time"], [type="url"], '
    '[type="tel"]), select, textarea)',
    "dds-checkbox": 'input[type="checkbox"]',
    "dds-radiobutton": 'input[type="radio"]',
    "dds-card": ".card, .rows, .empty",
}
_THEME = re.compile(r"\.[a-z-]+-theme")
HIGH_CONTRAST = ".high-contrast-theme "
# Attributes where the state counts: DÁP shows a box as ticked, or as wrong, by what its HTML said at first.
_STALE = re.compile(r"\[checked\]|\[indeterminate\]|\[invalid\]|:invalid")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_CLASS = re.compile(r"\.([A-Za-z_][\w-]*)")
_VARIABLE = re.compile(r"(--[\w-]+)\s*:([^;]+);")
_PICTURE = re.compile(r"""url\((["'])data:image/svg\+xml(?:;utf8)?,(.*?)\1\)""")


@dataclass(frozen=True, slots=True)
class Sheets:
    """DÁP's sheet in our words: for every theme, for the high-contrast one alone, and the pictures by file name."""

    every: str
    high_contrast: str
    pictures: dict[str, str]


def theme(sheet: str) -> str:
    """DÁP's `….theme.css` as variables of the whole page: which theme is linked decides, not a class of the page.

    Its size of type is left out, for the reader's browser decides on that, and so are a few classes that we lack.
    """
    bodies = (body for theirs, body in _rules(sheet) if theirs == ":root" or _THEME.fullmatch(theirs))
    values = dict(_VARIABLE.findall("".join(f"{body};" for body in bodies)))
    lines = (f"  {name}: {' '.join(value.split())};\n" for name, value in values.items())
    return f":root {{\n{''.join(lines)}}}\n"


def translate(sheet: str) -> Sheets:
    """Read DÁP's `components.native.css`."""
    pictures: dict[str, str] = {}

    def put_aside(match: re.Match[str]) -> str:
        picture = urllib.parse.unquote(match[2])
        name = f"{hashlib.sha256(picture.encode()).hexdigest()[:12]}.svg"
        pictures[name] = picture
        return f'url("{name}")'

    variables, every, contrast = "", "", ""
    for theirs, body in _rules(sheet):
        if theirs == ":root":
            variables += body
        elif theirs.startswith(HIGH_CONTRAST):
            contrast += _rule(theirs.replace(HIGH_CONTRAST, ""), body)
        else:
            every += _rule(theirs, body)
    every = _PICTURE.sub(put_aside, every)
    return Sheets(_variables(variables, every) + every, contrast, pictures)


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Selectors and declarations; of animations and media, what stands within."""
    for theirs, body in _RULE.findall(_COMMENT.sub("", sheet)):
        yield theirs.strip(), body


def _rule(theirs: str, body: str) -> str:
    """The rule in our words; "" where none of its selectors is on our pages."""
    ours = []
    for selector in _split(theirs):
        classes = _CLASS.findall(selector)
        if classes and all(name in WORDS for name in classes) and not _STALE.search(selector):
            ours.append(_CLASS.sub(lambda match: f":where(.{match[1]}, {WORDS[match[1]]})", selector))
    return f"{', '.join(ours)} {{ {' '.join(body.split())} }}\n" if ours else ""


def _variables(declared: str, used_in: str) -> str:
    """DÁP's own variables of its components, those alone that a rule uses, itself or through another one."""
    values = dict(_VARIABLE.findall(declared))
    used, left = set[str](), {name for name in values if f"({name}" in used_in}
    while left:
        used |= left
        left = {name for name in values if any(name in values[one] for one in left)} - used
    lines = (f"  {name}: {' '.join(value.split())};\n" for name, value in values.items() if name in used)
    return f":root {{\n{''.join(lines)}}}\n"


def _split(selectors: str) -> list[str]:
    """The selectors of a list; a comma within brackets separates nothing."""
    parts, depth = [""], 0
    for sign in selectors:
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts]
