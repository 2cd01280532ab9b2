"""Addresses of the hand-over."""

from django.urls import path

from review.handover import runs, views

urlpatterns = [
    path("handover", views.choose, name="handover"),
    path("handover/make", views.make, name="handover-make"),
    path("handover/look-up", runs.look_up, name="portal-look-up"),
    path("handover/<int:pk>", views.show, name="handover-file"),
    path("handover/<int:pk>/download", views.download, name="handover-download"),
    path("handover/<int:pk>/mark", views.mark, name="handover-mark"),
    path("handover/<int:pk>/confirm", views.confirm, name="handover-confirm"),
    path("handover/<int:pk>/run", runs.begin, name="portal-begin"),
    path("handover/runs/<int:pk>", runs.show, name="portal-run"),
    path("handover/runs/<int:pk>/progress", runs.progress, name="portal-run-progress"),
    path("handover/runs/<int:pk>/again", runs.again, name="portal-again"),
    path("handover/runs/<int:pk>/stop", runs.stop, name="portal-stop"),
]
