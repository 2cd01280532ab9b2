"""The Django project: settings, Celery app, URLs, command line; and the data files of the rules in config/data/."""
