"""The catalogue and what is computed from it once a process."""

from __future__ import annotations

from functools import cache

from config.catalogue import load_catalogue
from registry.imports.places import Places
from rules.catalogue import Catalogue


def get_catalogue() -> Catalogue:
    """The product's catalogue, read from its files once."""
    return load_catalogue()


@cache
def get_places() -> Places:
    """Settlements and counties by whatever spelling."""
    return Places(get_catalogue())


@cache
def get_module_names() -> dict[str, str]:
    """ProBono identifier → short name."""
    return {module.id: module.short_name for module in get_catalogue().modules}
