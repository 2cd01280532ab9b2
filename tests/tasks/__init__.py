"""Tests of what surrounds the services: bells, watchdogs, child processes."""
