"""Hundreds of bounces and malformed mails that nobody here wrote, delivered over IMAP: a row each, none answered."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.integration.conftest import Post
from tests.servers.ledgers import ready_product

SHARED = Path(__file__).parents[3] / "shared" / "public-mails"
MACHINES = {"bounce", "auto-reply", "arf-complaint", "mdn"}
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="no public-mails beside the repository")


def test_a_row_each_and_no_reply_to_a_machine(tmp_path: Path, post: Post) -> None:
    with (SHARED / "manifest.tsv").open(encoding="utf-8") as manifest:
        kinds = {row["file"]: row["kind"] for row in csv.DictReader(manifest, delimiter="\t")}
    files = sorted(path for path in SHARED.rglob("*.eml"))
    raws = {path.relative_to(SHARED).as_posix(): path.read_bytes() for path in files}
    delivered = [name for name, raw in raws.items() if raw]  # a server takes no mail without a byte
    assert len(delivered) > 600
    post.deliver([raws[name].replace(b"\0", b"\x80") for name in delivered])  # as Dovecot itself does
    with ready_product(tmp_path, **post.variables()) as running:
        done = running.command("poll", "--once")
        assert done.returncode == 0, done.stderr[-2000:]
        rows = running.query("SELECT uid, kind, state, failure FROM worker_mail ORDER BY uid")
        assert len(rows) == len(delivered)
        assert [row for row in rows if row[2] != "filed" or row[3]] == []
        by_name = dict(zip(delivered, (row[1] for row in rows), strict=True))
        machines = [name for name in delivered if kinds.get(name) in MACHINES]
        missed = [name for name in machines if by_name[name] != "automatic"]
        assert len(machines) > 300
        assert len(missed) <= len(machines) * 0.005, missed
    assert post.sink.accepted == []
