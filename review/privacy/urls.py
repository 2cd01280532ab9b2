"""Addresses of the privacy pages, below /privacy/."""

from django.urls import path

from review.privacy import views

urlpatterns = [
    path("mails/<int:pk>/show", views.show_personal, name="personal-show"),
    path("mails/<int:pk>/hide", views.hide_personal, name="personal-hide"),
]
