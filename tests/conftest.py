"""What every test stands on: tables may be emptied between tests, though the logs among them are append-only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db.backends.base.operations import BaseDatabaseOperations

KEY = "INSERT INTO staff_amendment (at) VALUES (CURRENT_TIMESTAMP)"
CACHE = "DELETE FROM staff_cache"  # no model's table: counts of failed log-ins would go on into the next test


@pytest.fixture(autouse=True, scope="session")
def _emptied_with_the_key() -> Iterator[None]:
    """Django's flush opens the logs for its own transaction, as staff.services.amend_log would."""
    flush = BaseDatabaseOperations.execute_sql_flush

    def flush_with_key(self: Any, sql_list: list[str]) -> None:
        last = [sql for sql in sql_list if sql.startswith("DELETE") and "staff_amendment" in sql]
        flush(self, [KEY, *[sql for sql in sql_list if sql not in last], *last, CACHE])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", flush_with_key)
        yield
