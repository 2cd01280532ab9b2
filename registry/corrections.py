"""Staff's corrections of the module catalogue: words that name a module, and its course at the portal. Tables only.

registry.catalogue merges the words over the files of config/data.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Tier(models.TextChoices):
    """Where a word names its module (config/data/modules.toml)."""

    ANYWHERE = "anywhere"
    ASKED = "asked"
    FIELD = "field"


class ModuleWord(models.Model):
    """A word that names `module` (a ProBono identifier), or, where `removes`, a word of the files that shall not.

    `live`: it is in force. `wanted`: it shall be after the next switching on. Live alone is about to go, wanted alone
    is a draft; a row that is neither does not exist.
    """

    module = models.CharField(max_length=20)
    tier = models.CharField(max_length=10, choices=Tier.choices)
    word = models.CharField(max_length=120)
    removes = models.BooleanField(default=False)
    live = models.BooleanField(default=False)
    wanted = models.BooleanField(default=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["module", "tier", "word"], name="one_correction_a_word"),
            models.CheckConstraint(condition=Q(tier__in=Tier.values), name="module_word_tier_known"),
            models.CheckConstraint(condition=Q(live=True) | Q(wanted=True), name="module_word_counts"),
        ]

    def __str__(self) -> str:
        return self.word


class ModuleCourse(models.Model):
    """The short name of a module's course at the portal, where staff set another than the configuration's."""

    module = models.CharField(max_length=20, primary_key=True)
    course = models.CharField(max_length=255)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.course
