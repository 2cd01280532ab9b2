"""django-mailbox, which stores and does nothing else: `python -m bench.line.store_only PORT USER PASSWORD DATABASE`."""

# ruff: noqa: PLC0415  # Django wants to be set up before its models are imported

from __future__ import annotations

import sys
from pathlib import Path
from urllib.parse import quote

import django
from django.conf import settings
from django.core.management import call_command


def main() -> None:
    """Set up an empty database, then take in the mailbox."""
    port, user, password, database = sys.argv[1:]
    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "django_mailbox"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database}},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        MEDIA_ROOT=str(Path(database).parent),
        DJANGO_MAILBOX_STORE_ORIGINAL_MESSAGE=False,
    )
    django.setup()
    call_command("migrate", verbosity=0)
    from django_mailbox.models import Mailbox

    address = f"imap://{quote(user, safe='')}:{quote(password, safe='')}@127.0.0.1:{port}"
    for _ in Mailbox.objects.create(name="bench", uri=address).get_new_mail():
        pass


if __name__ == "__main__":
    main()
