"""What mkdocs cannot do by itself (mkdocs.yml names this file as a hook).

Pages that stand outside docs/, because people look for them at the top of the repository, are part of the site too; a
page may say in its head which language it is in (`lang: hu`), for screen readers and hyphenation.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[1]
OUTSIDE = {
    "contributing.md": "CONTRIBUTING.md",
    "changelog.md": "CHANGELOG.md",
}  # page of the site: file of the repository
LINK = re.compile(r"(?<=\]\()[^)\s]+(?=\))")


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the pages from outside docs/."""
    from mkdocs.structure.files import File  # noqa: PLC0415  # the tests read OUTSIDE without mkdocs

    for page, source in OUTSIDE.items():
        text = LINK.sub(lambda found: _from_the_top(found[0]), (ROOT / source).read_text("utf-8"))
        files.append(File.generated(config, page, content=text))
    return files


def on_page_markdown(markdown: str, **_: object) -> str:
    """Let links that leave docs/ lead to the pages made above."""
    pages = {f"../{source}": name for name, source in OUTSIDE.items()}
    return LINK.sub(lambda found: pages.get(found[0], found[0]), markdown)


def on_page_content(html: str, *, page: Page, **_: object) -> str:
    """Name the language of a page that is in another one than the site."""
    language = page.meta.get("lang")
    return f'<div lang="{language}">{html}</div>' if language else html


def _from_the_top(address: str) -> str:
    """A link of a file at the repository's top, as docs/ sees it."""
    pages = {source: name for name, source in OUTSIDE.items()}
    return pages.get(address, address.removeprefix("docs/"))
