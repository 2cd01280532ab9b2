"""Hostile HTML bodies: each would act or fetch in a careless page. `html/` holds one a file.

Where they run, the title of the page becomes "hit"; what they fetch, they fetch from ORIGIN.
"""

from __future__ import annotations

from pathlib import Path

ORIGIN = "http://evil.example"
SCRIPT = f"top.document.title='hit';fetch('{ORIGIN}/ran')"
WRITTEN = {file.stem: file.read_text("utf-8") for file in sorted((Path(__file__).parent / "html").glob("*.html"))}
MADE = {
    "null-bytes": f"<scr\0ipt>{SCRIPT}</scr\0ipt><img src=x one\0rror={SCRIPT}><\0img src={ORIGIN}/n.png>",
    "nested-tables": "<table><tr><td>" * 2000 + "közép",
    "unclosed-formatting": "<font color=#12345><b><p>" * 3000,
    "deep-quotes": "<blockquote>" * 5000 + "x",
    "long-attribute": f'<p style="{"color:red;" * 20_000}background:url({ORIGIN}/l)">x</p><img alt="{"a" * 100_000}">',
}
MARKUP = WRITTEN | MADE
