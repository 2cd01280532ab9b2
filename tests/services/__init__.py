"""Tests of the services: a real database, a real Dovecot, a real SMTP server; only the rules are stand-ins."""
