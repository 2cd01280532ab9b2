"""Directories from files: the portal's accounts, the official register, the gazetteer, the known jegyzők."""
