"""The staff's guide quotes the page word for word: what is bold there can be read on the page."""

from __future__ import annotations

import re

import pytest

from review.labels import load_labels
from review.tabs import TABS
from staff.roles import Role
from tests.docs.reading import DOCS, ROOT

GUIDE = (DOCS / "munkatarsak.md").read_text("utf-8")
PAGES = ("account", "mfa", "review", "socialaccount", "staff", "usersessions")
QUOTED = sorted({re.sub(r"\s+", " ", one) for one in re.findall(r"\*\*(.+?)\*\*", GUIDE, re.DOTALL)})


def words_of_the_page() -> set[str]:
    """Every stretch of text between tags and values in templates, and every word of the labels; without end colons."""
    said = {words for group in load_labels().values() for words in group.values()}
    for folder in PAGES:
        for file in (ROOT / "templates" / folder).rglob("*.html"):
            plain = re.sub(r"\{[%#].*?[%#]\}|<[^>]*>|\{\{.*?\}\}", "\0", file.read_text("utf-8"), flags=re.DOTALL)
            said |= {re.sub(r"\s+", " ", one).strip() for one in plain.split("\0")}
    return {one.rstrip(" :(") for one in said}


@pytest.mark.parametrize("quoted", QUOTED)
def test_every_label_of_the_guide_stands_on_the_page(quoted: str) -> None:
    assert quoted.rstrip(" :") in words_of_the_page()


def test_the_guide_quotes_what_there_is_to_press() -> None:
    assert len(QUOTED) > 60


def test_the_guide_tells_of_every_list_and_every_page_of_the_menu() -> None:
    labels = load_labels()
    wanted = {labels["tab"][tab.slug] for tab in TABS} | set(labels["role"].values()) | set(labels["menu"].values())
    # The start page is what the guide is about; letters are shown to who changes them (docs/replies.md); the other two
    # stand behind the own account.
    left = {labels["menu"][one] for one in ("queue", "preview", "devices", "password")}
    assert {one for one in wanted - left if f"**{one}**" not in GUIDE} == set()
    assert {str(role) for role in Role} == set(labels["role"])


def test_the_guide_is_written_in_hungarian_type() -> None:
    prose = re.sub(r"`[^`]*`|\]\([^)]*\)|\{:.*?\}", "", GUIDE.partition("---\n# ")[2])
    assert '"' not in prose
    assert "'" not in prose
    assert not re.search(r"[ôõûũÕÛ]", prose)  # ő and ű of a wrong keyboard
    assert not re.search(r"\b(te|neked|nézd|kattints|válaszd|írd)\b", prose, re.IGNORECASE)  # the reader is "Ön"
