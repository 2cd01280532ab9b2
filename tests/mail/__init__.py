"""Tests of the IMAP and SMTP adapters against real servers, and of their pure parts."""
