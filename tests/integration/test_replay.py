"""A replay that staff asked for runs in the worker's background, with every process real, while mails go on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.integration.conftest import Post
from tests.servers.mails import make_mails
from tests.servers.product import Product, product

ASK = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
import django
django.setup()
from datetime import datetime, timedelta, timezone
from django.contrib.auth.models import User
from worker.services.run_replay import Wish, start_replay
from worker.services.thinking import load_thinking
person = User.objects.create_user("vezeto")
now = datetime.now(timezone.utc)
start_replay(person, Wish(now - timedelta(days=9999), now + timedelta(days=1)), load_thinking())
"""


def ask_for_a_replay(made: Product) -> None:
    """As the page does, but that nobody rings: the sweep must find it."""
    command = [sys.executable, "-c", ASK]
    done = subprocess.run(command, env=made.environment, cwd=made.folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_one_process_does_it_all_and_changes_nothing(tmp_path: Path, post: Post) -> None:
    post.deliver(make_mails(12))
    with product(tmp_path, **post.variables()) as made:
        made.start("run")
        made.wait_until(lambda: made.count("worker_mail", "state = 'filed'") == 12, 60)
        before = made.query("SELECT id, verdict, state FROM worker_mail ORDER BY id")
        replies = made.count("worker_reply", "1 = 1")
        ask_for_a_replay(made)
        post.deliver(make_mails(1))
        made.wait_until(lambda: made.count("registry_replay", "state = 'done'") == 1, 60)
        done, changed, failed = made.query("SELECT done, changed, failed FROM registry_replay")[0]
        assert done in (12, 13)
        assert (changed, failed) == (0, 0)
        assert made.query("SELECT id, verdict, state FROM worker_mail ORDER BY id")[:12] == before
        made.wait_until(lambda: made.count("worker_mail", "state = 'filed'") == 13, 60)
        assert made.count("worker_reply", "1 = 1") in (replies, replies + 1)
