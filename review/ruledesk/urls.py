"""Addresses of the rule desk."""

from django.urls import path

from review.ruledesk import drafts, feedback, replays, trial

urlpatterns = [
    path("", trial.trial, name="ruledesk"),
    path("replays", replays.index, name="replays"),
    path("replays/start", replays.start, name="replay-start"),
    path("replays/<int:pk>", replays.show, name="replay"),
    path("replays/<int:pk>/progress", replays.progress, name="replay-progress"),
    path("replays/<int:pk>/cancel", replays.cancel, name="replay-cancel"),
    path("replays/<int:pk>/download", replays.download, name="replay-download"),
    path("replays/<int:replay>/mails/<int:pk>", replays.mail, name="replay-mail"),
    path("drafts", drafts.show, name="drafts"),
    path("drafts/switch-on", drafts.switch_on, name="drafts-switch-on"),
    path("feedback", feedback.show, name="feedback"),
]
