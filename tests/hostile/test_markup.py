"""Whatever stands in a mail's HTML, what is left of it is text in its structure: read here as browsers read it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review.harmless import ATTRIBUTES, TAGS, Picture, make_harmless
from review.html_marks import Wanted, mark_html
from review.inline_styles import PROPERTIES
from tests.hostile.markup import MARKUP

NAMESPACE = "{http://www.w3.org/1999/xhtml}"
PIECES = sorted({piece for body in MARKUP.values() for piece in re.findall(r"<[^>]{1,80}>?|[^<]{1,20}", body[:2000])})


def offences(markup: str) -> Iterator[str]:
    """What a browser would see in `markup` beyond the lists."""
    for element in html5lib.parse(markup, treebuilder="etree").iter():
        if not isinstance(element.tag, str):
            yield "comment"
            continue
        tag = element.tag.removeprefix(NAMESPACE)
        if tag not in TAGS | {"html", "head", "body", "mark"}:
            yield f"<{tag}>"
        for name, value in element.attrib.items():
            if tag == "mark" and name in {"class", "id"}:
                continue
            if name not in ATTRIBUTES.get(tag, set()):
                yield f"<{tag} {name}>"
            elif name == "src" and not re.fullmatch(r"data:image/(png|jpeg|gif|webp);base64,[\w+/=]+", value):
                yield f"src={value}"
            elif name == "style" and not all(is_plain(one) for one in value.split(";")):
                yield f"style={value}"


def is_plain(declaration: str) -> bool:
    name, _, value = declaration.partition(":")
    return name in PROPERTIES and PROPERTIES[name].fullmatch(value) is not None


def test_there_are_many() -> None:
    assert len(MARKUP) >= 45


@pytest.mark.parametrize("name", MARKUP)
def test_nothing_is_left_that_acts_or_fetches(name: str) -> None:
    began = time.process_time()
    body = f"<p>Név: Kovács Anna</p>{MARKUP[name]}<p>PIR szám: 740746</p>"
    harmless = make_harmless(body, {"kep@hely": Picture("image/png", b"\x89PNG")})
    text = "Név: Kovács Anna"
    marked = mark_html(harmless.markup, [Wanted(text, 5, 16, "full_name", "full_name")])
    assert list(offences(marked.markup)) == []
    assert "Kovács Anna" in re.sub(r"<[^>]*>", "", marked.markup)
    assert marked.unplaced == ()
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    "piece",
    ["<table><tr><td>", "<div>", "<b>", "<p><font color=#%d>", "<a href=x><div>", "<b><p>", "<svg><g>", "<x-y>"],
)
def test_five_megabytes_of_anything_end_soon(piece: str) -> None:
    count = 5_000_000 // len(piece)
    body = "".join(piece.replace("%d", str(number)) for number in range(count))
    began = time.process_time()
    harmless = make_harmless("<p>Eleje</p>" + body, {})
    assert time.process_time() - began < 20  # a fraction of that on an idle machine
    assert "Eleje" in harmless.markup
    assert len(harmless.markup) < 12_000_000


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_no_mixture_of_them_slips_through(pieces: list[str]) -> None:
    harmless = make_harmless("".join(pieces), {})
    assert list(offences(harmless.markup)) == []
    assert make_harmless(harmless.markup, {}).markup.count("<script") == 0


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=200), st.text("<>/=\"'&;!-[]?ab \0\ud800", max_size=80)))
def test_no_text_at_all_raises_or_slips_through(text: str) -> None:
    assert list(offences(make_harmless(text, {}).markup)) == []


def test_a_look_that_harms_nobody_stays() -> None:
    body = (
        '<p style="COLOR: #FF0000; font-weight: bold !important; position: fixed">piros</p>'
        '<table><tr bgcolor="#eee"><td colspan=2 rowspan=9999 style="background: yellow">cella</td></tr></table>'
        "<font color=blue size=5>betű</font><center>közép</center><ul><li>egy</ul>"
        "<span style='display:none'>rejtett</span>"
    )
    assert make_harmless(body, {}).markup == (
        '<p style="color:#ff0000;font-weight:bold">piros</p><table><tbody><tr style="background-color:#eee">'
        '<td colspan="2" style="background-color:yellow">cella</td></tr></tbody></table>'
        '<span style="color:blue;font-size:x-large">betű</span><div>közép</div><ul><li>egy</li></ul>'
    )


def test_pictures_of_the_mail_itself_stay_others_are_counted() -> None:
    body = '<img src="cid:a@b" width=40 height="20px" onload=x><img src="cid:c@d" alt="címer"><img src=http://e.hu/x>'
    harmless = make_harmless(body, {"a@b": Picture("image/gif", b"GIF89a")})
    assert harmless.markup == ('<img src="data:image/gif;base64,R0lGODlh" width="40" height="20"><img alt="címer">')
    assert harmless.left_out == 2
