"""How a stranger's HTML may look: the few harmless properties, with values that hold nothing but themselves. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

LONGEST_STYLE = 2_000  # characters read of one style attribute
_COLOUR = re.compile(r"#[0-9a-f]{3,8}|[a-z]{3,24}|rgba?\([0-9., %]{5,40}\)")
_LENGTH = re.compile(r"\d{1,3}(?:\.\d{1,3})?(?:px|pt|em|rem|%)|(?:xx?-)?(?:small|large)|medium|smaller|larger")
_WIDTH = re.compile(r"\d{1,4}(?:\.\d{1,3})?(?:px|pt|%)?")
_SPAN = re.compile(r"[1-9]\d{0,2}")
_ALIGNMENT = re.compile(r"left|right|center|justify|start|end")
_VERTICAL = re.compile(r"top|middle|bottom|baseline|sub|super")
PROPERTIES: dict[str, re.Pattern[str]] = {
    "color": _COLOUR,
    "background-color": _COLOUR,
    "font-weight": re.compile(r"bold|bolder|normal|[1-9]00"),
    "font-style": re.compile(r"italic|oblique|normal"),
    "font-size": _LENGTH,
    "text-decoration": re.compile(r"underline|line-through|none"),
    "text-align": _ALIGNMENT,
    "vertical-align": _VERTICAL,
    "width": _WIDTH,
}
_FONT_SIZES = {"1": "x-small", "2": "small", "3": "medium", "4": "large", "5": "x-large", "6": "xx-large"}
_LEGACY = {"color": "color", "bgcolor": "background-color", "align": "text-align", "valign": "vertical-align"}
COUNTS = {"colspan", "rowspan", "start"}


def safe_style(tag: str, attributes: Mapping[str, str]) -> str:
    """The harmless part of what `attributes` say of an element's look, as declarations; "" where nothing is left.

    Nothing that places an element elsewhere, names an address, calls a function or refers to another property.
    """
    found = dict(_legacy(tag, attributes))
    for declaration in attributes.get("style", "")[:LONGEST_STYLE].lower().split(";"):
        name, _, value = declaration.partition(":")
        name, value = name.strip(), value.replace("!important", "").strip()
        if name == "background":
            name = "background-color"  # counts only where it is a bare colour
        if name in PROPERTIES and PROPERTIES[name].fullmatch(value):
            found[name] = value
    return ";".join(f"{name}:{value}" for name, value in found.items())


def safe_count(name: str, value: str) -> str:
    """A colspan, rowspan or start as a small number; "" for anything else."""
    return value.strip() if name in COUNTS and _SPAN.fullmatch(value.strip()) else ""


def safe_size(value: str) -> str:
    """A picture's width or height in pixels; "" for anything else."""
    value = value.strip().lower().removesuffix("px")
    return value if re.fullmatch(r"[1-9]\d{0,3}", value) else ""


def _legacy(tag: str, attributes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for attribute, name in _LEGACY.items():
        value = attributes.get(attribute, "")[:40].strip().lower()
        if value and PROPERTIES[name].fullmatch(value):
            yield name, value
    size = attributes.get("size", "")[:3].strip().lstrip("+")
    if tag == "font" and size in _FONT_SIZES:
        yield "font-size", _FONT_SIZES[size]
