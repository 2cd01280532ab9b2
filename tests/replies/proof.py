"""Proof-reading a letter: its lines, its Hungarian, its HTML."""

from __future__ import annotations

import re

import html5lib
from lxml import etree

from worker.replies.compose import ComposedReply

FORM_BEGIN, FORM_END = "--- ADATLAP (kérjük, a sorokat kitöltve küldje vissza) ---\n", "--- ADATLAP VÉGE ---"
LIST_BEGIN = "--- SZAKRENDSZEREK JEGYZÉKE ---"
ARTEFACTS = ("{{", "}}", "{%", "None", "a(z)", "\n\n\n", " .", " ,", " ;", "..", ".;", ";.", "()", ": .", "Undefined")
FAMILIAR = re.compile(
    r"\b(?:kérlek|köszi|küldd|add meg|írd|válaszolj|nézd|próbáld|neked|téged|leveled)\b", re.IGNORECASE
)
VOWEL = "aáeéiíoóöőuúüű"
PRONOUNS = ("az a ", "az az ", "azt ")


def flat(text: str) -> str:
    """`text` on one line, as it is read aloud."""
    return " ".join(text.split())


def form_of(text: str) -> str:
    """What stands between the form's marker lines."""
    assert text.count(FORM_BEGIN) == text.count(FORM_END) == 1
    return text.partition(FORM_BEGIN)[2].partition(FORM_END)[0]


def words_of(text: str) -> str:
    """The letter's own sentences: without the form and the list of modules."""
    head, _, rest = text.partition(FORM_BEGIN)
    return flat(head + rest.partition(FORM_END)[2].partition(LIST_BEGIN)[0])


def check_well_formed(reply: ComposedReply) -> None:
    """What holds of every letter, whatever a stranger wrote."""
    for line in reply.text.split("\n"):
        assert len(line) <= 78
        assert line == line.rstrip()
        assert "  " not in line.lstrip(), line
        assert line.strip() not in {"–", "-"}, "an empty bullet"
    for artefact in ARTEFACTS:
        assert artefact not in reply.text, artefact
    assert reply.text.count("!") == 1, "only after the greeting"
    check_html(reply.html)


def check_hungarian(reply: ComposedReply, module_names: tuple[str, ...]) -> None:
    """Quotes, dashes, brackets, articles, capitals, and no familiar forms."""
    text = words_of(reply.text)
    for name in module_names:
        text = text.replace(name, "Modul")
    assert '"' not in text
    assert "'" not in text
    assert text.count("„") == text.count("”")
    assert text.count("(") == text.count(")")
    assert " - " not in text, "a hyphen for a dash"
    assert not re.search(rf"\b[Aa] \(?[{VOWEL}]", text, re.IGNORECASE), "a before a vowel"
    for found in re.finditer(r"\b[Aa]z \W?(\w+)", text):
        assert found[1][0].lower() in VOWEL or found[0].lower().startswith(PRONOUNS), found[0]
    assert not re.search(r"(?<!\d)\. [a-záéíóöőúüű]", text), "a sentence that begins small"
    assert not FAMILIAR.search(text)


def parsed(html: str) -> etree._Element:
    """The page, which is well-formed XML too: no tag is left open."""
    return etree.fromstring(html.strip().encode(), etree.XMLParser(no_network=True))


def check_html(html: str) -> None:
    """Valid HTML 5 in a strict parser's eyes; headings in order, nothing empty, nothing that is fetched or acts."""
    html5lib.HTMLParser(strict=True).parse(html)
    root = parsed(html)
    assert root.get("lang") == "hu"
    assert not root.xpath("//script | //img | //input | //form | //link")
    assert not root.xpath("//ul[not(li)] | //p[not(normalize-space())] | //li[not(normalize-space())] | //tr[not(*)]")
    assert not root.xpath("//table[not(@role)][not(.//th[@scope='col'])] | //tbody/tr[not(th[@scope='row'])]")
    assert not root.xpath("//h3[not(preceding::h2)] | //h1")
    assert not re.search(r"[\s;\"](?:background|background-color|color): ?[#a-z]", html.replace("color-scheme", ""))
    links = [str(link.get("href")) for link in root.iter("a")]
    assert all(link.startswith(("https://www.aspoktatas.hu/", "mailto:")) for link in links)
