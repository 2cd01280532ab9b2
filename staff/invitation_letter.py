"""The letter of an invitation."""

from __future__ import annotations

from django.urls import reverse

from staff.letters import Letter, page_address, post
from staff.models import Invitation


def link_of(secret: str) -> str:
    """The whole address that the letter names."""
    return page_address() + reverse("invitation", args=[secret])


def post_invitation(invitation: Invitation, secret: str) -> bool:
    """Send it; whether the server took it."""
    return post(Letter("invitation", invitation.address, {"invitation": invitation, "link": link_of(secret)}))
