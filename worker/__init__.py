"""The machine: the Django app that owns the ledger, intake, mail adapters, services and their Celery tasks."""
