"""The addresses under /registrations/…/ of what may be done about a request."""

from django.urls import path

from review.views import addresses, assign, letters, notes, presence, snooze, undo

urlpatterns = [
    path("ask/look", letters.look, name="case-ask-look"),
    path("assign", assign.give, name="case-assign"),
    path("snooze", snooze.put_aside, name="case-snooze"),
    path("accept-address", addresses.accept, name="case-accept-address"),
    path("undo-last", undo.undo_last, name="case-undo-last"),
    path("notes", notes.add, name="case-note"),
    path("notes/<int:note>/remove", notes.remove, name="case-note-remove"),
    path("here", presence.here, name="case-here"),
    path("gone", presence.gone, name="case-gone"),
]
