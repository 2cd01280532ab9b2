"""Celery with a visibility timeout of one second: Redis gives every message again that is not acknowledged by then."""

from __future__ import annotations

import sys

from config.celery import ON_REDIS, app

if __name__ == "__main__":
    app.conf.broker_transport_options = ON_REDIS | {"visibility_timeout": 1}
    app.start(sys.argv[1:])
