"""Strangers' HTML made harmless: text in its structure, bounded in depth and size; nothing that acts or fetches. Pure.

Two independent steps. The first writes anew, from an element tree, only what stands in the lists below; it also keeps
the second from running for hours (a parser that does as browsers do is quadratic on nested and misnested tags). The
second, nh3, reads the result as a browser would and lets through only what stands in its own lists.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

import nh3
from lxml import etree

from review.inline_styles import COUNTS, PROPERTIES, safe_count, safe_size, safe_style
from worker.intake.html import field_value, is_hidden, parse_html

DEEPEST = 100  # elements inside each other
MOST_ELEMENTS = 20_000
LONGEST = 6_000_000  # characters of the result, pictures included
VOID = frozenset({"br", "hr", "img"})
PLAIN = frozenset(  # without any attribute: a parser opens these again in each paragraph
    ("b", "code", "em", "i", "s", "small", "strike", "strong", "tt", "u")
)
STYLED = frozenset(
    ("blockquote", "caption", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ol", "p", "pre")
) | {"span", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"}
OTHER = frozenset(("abbr", "br", "del", "hr", "img", "ins", "q", "sub", "sup"))
TAGS = PLAIN | STYLED | OTHER
_BLOCKS = ("address", "article", "aside", "center", "details", "fieldset", "figure", "footer", "form", "header", "main")
WRITTEN_AS = {  # a link stays visible as one, and leads nowhere
    **dict.fromkeys((*_BLOCKS, "nav", "section", "summary"), "div"),
    **dict.fromkeys(("font", "label", "mark", "big"), "span"),
    "a": "u",
}
DROPPED_WHOLE = frozenset(
    ("head", "style", "script", "title", "template", "noscript", "svg", "math", "iframe", "frame", "frameset", "object")
)
DROPPED_WHOLE |= {"embed", "applet", "textarea", "select", "audio", "video", "canvas", "map", "datalist", "noembed"}
DROPPED_WHOLE |= {"noframes", "xmp", "plaintext", "listing", "portal", "fencedframe", "selectedcontent"}
ATTRIBUTES = {tag: {"style"} for tag in STYLED} | {
    "td": {"style", "colspan", "rowspan"},
    "th": {"style", "colspan", "rowspan"},
    "ol": {"style", "start"},
    "img": {"src", "alt", "width", "height"},
}
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/]+={0,2}")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the mail itself: its type by its first bytes, and its bytes."""

    content_type: str
    data: bytes

    @property
    def address(self) -> str:
        """The picture as a data: address."""
        return f"data:{self.content_type};base64,{base64.b64encode(self.data).decode('ascii')}"


@dataclass(frozen=True, slots=True)
class HarmlessHtml:
    """Markup for the sandboxed frame; `is_cut` where something of the mail was too deep or too much, `left_out` counts
    the pictures that would have had to be fetched."""

    markup: str
    is_cut: bool = False
    left_out: int = 0


@dataclass(slots=True)
class _Writer:
    pictures: Mapping[str, Picture]
    pieces: list[str] = field(default_factory=list)
    open: list[tuple[etree._Element, str]] = field(default_factory=list)
    elements: int = 0
    length: int = 0
    left_out: int = 0
    is_cut: bool = False

    def write(self, piece: str) -> None:
        self.pieces.append(piece)
        self.length += len(piece)

    @property
    def is_full(self) -> bool:
        return self.elements >= MOST_ELEMENTS or self.length >= LONGEST


def make_harmless(source: str, pictures: Mapping[str, Picture]) -> HarmlessHtml:
    """The HTML `source` without scripts, links, forms, styles that act, and anything to fetch; `pictures` by their
    Content-ID are put in their places. Never raises, whatever `source` is."""
    root = parse_html(source)
    if root is None:
        return HarmlessHtml("")
    writer = _Writer(pictures)
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        if writer.is_full:
            writer.is_cut = True
            break
        if event == "end":
            _close(element, writer)
        elif not isinstance(element.tag, str) or element.tag in DROPPED_WHOLE or is_hidden(element):
            walker.skip_subtree()
        else:
            _open(element, writer)
    for _, tag in reversed(writer.open):
        writer.write(f"</{tag}>")
    markup = _checked("".join(writer.pieces))
    if len(markup) > 2 * LONGEST:
        return HarmlessHtml("", is_cut=True, left_out=writer.left_out)
    return HarmlessHtml(markup, writer.is_cut, writer.left_out)


def _open(element: etree._Element, writer: _Writer) -> None:
    tag = WRITTEN_AS.get(element.tag, element.tag)
    if tag in TAGS:
        if len(writer.open) >= DEEPEST:
            writer.is_cut = True
        elif tag == "img":
            _write_picture(element, writer)
        else:
            writer.elements += 1
            writer.write(f"<{tag}{_attributes(element, tag)}>")
            if tag not in VOID:
                writer.open.append((element, tag))
    if tag == "input":
        writer.write(escape(field_value(element), quote=False))
    elif tag not in VOID:
        writer.write(escape(element.text or "", quote=False))


def _close(element: etree._Element, writer: _Writer) -> None:
    if writer.open and writer.open[-1][0] is element:
        writer.write(f"</{writer.open.pop()[1]}>")
    writer.write(escape(element.tail or "", quote=False))


def _attributes(element: etree._Element, tag: str) -> str:
    if tag not in STYLED:
        return ""
    given = {str(name): str(value) for name, value in element.attrib.items()}
    kept = {name: safe_count(name, given[name]) for name in sorted(COUNTS & ATTRIBUTES[tag] & given.keys())}
    kept["style"] = safe_style(str(element.tag), given)
    return "".join(f' {name}="{escape(value)}"' for name, value in kept.items() if value)


def _write_picture(element: etree._Element, writer: _Writer) -> None:
    """The mail's own picture, or the words that stand for one that would have to be fetched."""
    writer.elements += 1
    source = (element.get("src") or "").strip()
    name = source[4:].strip("<> ") if source[:4].lower() == "cid:" else ""
    picture = writer.pictures.get(name) if name else None
    address = picture.address if picture else ""
    if source and (not picture or writer.length + len(address) > LONGEST):
        writer.left_out += 1
        address = ""
    kept = {"src": address, "alt": (element.get("alt") or "")[:200]}
    if address:
        kept |= {name: safe_size(element.get(name) or "") for name in ("width", "height")}
    if kept["src"] or kept["alt"].strip():
        writer.write("<img" + "".join(f' {name}="{escape(value)}"' for name, value in kept.items() if value) + ">")


def _checked(markup: str) -> str:
    return nh3.clean(
        markup,
        tags=set(TAGS),
        clean_content_tags=set(DROPPED_WHOLE),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=_picture_only,
        filter_style_properties=set(PROPERTIES),
        strip_comments=True,
        link_rel=None,
        url_schemes={"data"},
        url_relative="deny",
    )


def _picture_only(_: str, name: str, value: str) -> str | None:
    """An address is a picture of ours or nothing."""
    return value if name != "src" or _PICTURE.fullmatch(value) else None
