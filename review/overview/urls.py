"""Addresses of the overview, below /overview/."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
