"""The indexes of words, which migrations cannot say: put in after every `migrate`, kept by the databases themselves.

SQLite: FTS5 tables over the rows of `worker_mailtext` and `registry_registration`, in step by triggers; a migration
that makes a table anew drops its triggers, so they are looked for every time. PostgreSQL: columns that the database
fills, with GIN indexes; it compares the words of a row in a microsecond where making them takes 80. Whoever writes or
deletes a row need not know of any of it; a migration that changes the type of one of COLUMNS drops `words` before.
"""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from registry.words import ACCENTED, PLAIN

MAILS, REQUESTS = "search_mailtext", "search_registration"
COLUMNS = ("full_name", "municipality", "pir", "county", "email", "modules")
# detail=none: words are sought, never phrases. Beginnings of three letters have lists of their own.
_OPTIONS = "tokenize='unicode61 remove_diacritics 2', detail=none, prefix='3'"
_HUNGARIAN = "ÁÉÍÓÖŐÚÜŰáéíóöőúüű"
_SIGNS = ".,;:@_-/+#&=<>?~'"  # what PostgreSQL's parser makes addresses, numbers and tags of
# New words wait in a list that each search reads to its end; 4 MB of it, the default, made searches four times as dear
_PENDING = "gin_pending_list_limit = 256"  # kB
_SHORT = "toast_tuple_target = 128"  # the texts lie apart, so that a word that half of the mails hold is counted fast
# A mail's row is written five times: with its verdict apart it is short, and a claim stays in its page
_LIGHT = "toast_tuple_target = 256, fillfactor = 70"
# What the figures of a day are counted by, however, stays in the row: 10,000 mails are 10,000 look-ups otherwise
_COUNTED = ", ".join(f'ALTER COLUMN "{name}" SET STORAGE MAIN' for name in ("outcomes", "problems"))
# Verdicts are half of what a mail writes, and PostgreSQL's own way to pack them takes longer than reading their JSON
_QUICKLY_PACKED = """DO $$ BEGIN ALTER TABLE worker_mail ALTER COLUMN verdict SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported OR invalid_parameter_value OR syntax_error THEN NULL; END $$"""

ADVICE = {"jit": "off", "random_page_cost": "1.1", "max_parallel_workers_per_gather": "0"}

FOR_STAFF = {  # mails that may need a person: literally as in the index, or the databases do not see that it serves
    "sqlite": """NOT {0}"attended" AND ({0}"kind" = 'other' OR {0}"outcomes" LIKE '%"review"%')""",
    "postgresql": """NOT {0}"attended" AND ({0}"kind" = 'other' OR {0}"outcomes"::text LIKE '%"review"%')""",
}


def words_sql(text: str) -> str:
    """PostgreSQL's expression for the words of `text`, an SQL expression.

    It looks each sign of a text up in the whole list, one after the other: in a short one, where the text is Hungarian.
    """
    signs, blanks = _SIGNS.replace("'", "''"), " " * len(_SIGNS)
    table = dict(zip(ACCENTED, PLAIN, strict=True))
    foreign = "".join(one for one in ACCENTED if one not in _HUNGARIAN)
    ours = "".join(table[one] for one in _HUNGARIAN)
    return (
        f"to_tsvector('simple'::regconfig, CASE WHEN ({text}) ~ '[{foreign}]' "
        f"THEN translate(lower({text}), '{ACCENTED}{signs}', '{PLAIN}{blanks}') "
        f"ELSE translate(lower({text}), '{_HUNGARIAN}{signs}', '{ours}{blanks}') END)"
    )


def put_in(*, using: str, **_: Any) -> None:
    """Make what is missing; a receiver of post_migrate."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    if not {"worker_mailtext", "registry_registration"} <= tables:
        return
    with connection.cursor() as cursor:
        for statement in _sqlite(cursor) if connection.vendor == "sqlite" else _postgresql():
            cursor.execute(statement)


def advise_planner(*, connection: BaseDatabaseWrapper, **_: Any) -> None:
    """What PostgreSQL should believe on the product's connections.

    It compiles a query that it thinks costly before it runs it: 300 ms for one that then takes 10. And it believes that
    an index costs four times what reading on does, as it did on turning disks: so it read every text there is, each
    from where it lies apart, for a word that one mail in fifty holds: 250 ms in place of 3. For what takes it 50 ms it
    starts two helpers, which cost as much again and take the cores that the workers need.
    """
    if connection.vendor == "postgresql":
        advice = ", ".join(f"set_config('{name}', '{value}', false)" for name, value in ADVICE.items())
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {advice}")


def _sqlite(cursor: Any) -> list[str]:
    cursor.execute("SELECT name FROM sqlite_master")
    known = {name for (name,) in cursor.fetchall()}
    statements = [
        f'CREATE INDEX IF NOT EXISTS "mail_for_staff" ON "worker_mail" ("received_at") '
        f"WHERE {FOR_STAFF['sqlite'].format('')}"
    ]
    if {MAILS, f"{MAILS}_in"} - known:
        statements += _followed(MAILS, "worker_mailtext", "mail_id", ("text",))
    if {REQUESTS, f"{REQUESTS}_in"} - known:
        statements += _followed(REQUESTS, "registry_registration", "id", COLUMNS)
    return statements


def _followed(name: str, table: str, key: str, columns: tuple[str, ...]) -> list[str]:
    """An FTS5 table over `columns` of `table`, the triggers that keep it, and what is there already."""
    listed = ", ".join(columns)
    new, old = (", ".join(f"{row}.{column}" for column in (key, *columns)) for row in ("new", "old"))
    add = f"INSERT INTO {name}(rowid, {listed}) VALUES ({new});"  # noqa: S608  # names of ours
    remove = f"INSERT INTO {name}({name}, rowid, {listed}) VALUES ('delete', {old});"  # noqa: S608
    return [
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {name} "
        f"USING fts5({listed}, content='{table}', content_rowid='{key}', {_OPTIONS})",
        f"CREATE TRIGGER IF NOT EXISTS {name}_in AFTER INSERT ON {table} BEGIN {add} END",
        f"CREATE TRIGGER IF NOT EXISTS {name}_out AFTER DELETE ON {table} BEGIN {remove} END",
        f"CREATE TRIGGER IF NOT EXISTS {name}_new AFTER UPDATE OF {listed} ON {table} BEGIN {remove} {add} END",
        f"INSERT INTO {name}({name}) VALUES ('rebuild')",  # noqa: S608
    ]


def _postgresql() -> list[str]:
    fields = words_sql(" || ' ' || ".join(f'"{name}"' for name in COLUMNS))
    return [
        _with_words("worker_mailtext", words_sql("text")),
        _with_words("registry_registration", fields),
        f"ALTER TABLE worker_mailtext SET ({_SHORT})",
        f"ALTER TABLE worker_mail SET ({_LIGHT})",
        _QUICKLY_PACKED,
        f"ALTER TABLE worker_mail {_COUNTED}",
        "CREATE INDEX IF NOT EXISTS mailtext_words ON worker_mailtext USING gin (words)",
        "CREATE INDEX IF NOT EXISTS request_words ON registry_registration USING gin (words)",
        f"ALTER INDEX mailtext_words SET ({_PENDING})",
        f"ALTER INDEX request_words SET ({_PENDING})",
        "DROP INDEX IF EXISTS registration_words",  # once the words stood nowhere but in an index
        f"CREATE INDEX IF NOT EXISTS mail_for_staff ON worker_mail (received_at) "
        f"WHERE {FOR_STAFF['postgresql'].format('')}",
    ]


def _with_words(table: str, words: str) -> str:
    return f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS words tsvector GENERATED ALWAYS AS ({words}) STORED"
