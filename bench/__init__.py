"""Measurements on real servers, run by hand: `python -m bench.NAME --help`."""
