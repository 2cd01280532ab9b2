"""What Django does not ask of a password by itself."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError

from review.labels import label

LONGEST = 128  # characters: longer ones only cost the hash its time


class LongestValidator:
    """Refuses what nobody types."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raise ValidationError where it is too long."""
        if len(password) > LONGEST:
            raise ValidationError(self.get_help_text())

    def get_help_text(self) -> str:
        """In one sentence."""
        return label("form", "password_too_long", number=LONGEST)
