"""Addresses of the privacy pages, below /privacy/. None holds a person's name or address."""

from django.urls import path

from review.privacy import persons, views

urlpatterns = [
    path("", views.privacy, name="privacy"),
    path("retention", views.retention, name="retention"),
    path("retention/purge", views.purge_now, name="retention-purge"),
    path("holds/<int:pk>/release", views.hold_release, name="hold-release"),
    path("person", persons.person, name="person"),
    path("person/export", persons.person_export, name="person-export"),
    path("person/hold", persons.person_hold, name="person-hold"),
    path("person/erase", persons.person_erase, name="person-erase"),
    path("mails/<int:pk>/show", views.show_personal, name="personal-show"),
    path("mails/<int:pk>/hide", views.hide_personal, name="personal-hide"),
]
