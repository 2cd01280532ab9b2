"""Directories: what the rules know of municipalities, jegyzők, accounts, addresses and modules, seen and corrected."""
