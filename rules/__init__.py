"""What a mail means, and what follows. Pure: no clock, no files, no network, no Django, no Celery."""
