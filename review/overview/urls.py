"""Addresses of the overview, below /overview/."""

from django.urls import path

from review.overview import views

urlpatterns = [
    path("", views.overview, name="overview"),
    path("pictures/<slug:slug>.<slug:form>", views.picture, name="overview-picture"),
    path("tables/<slug:slug>.csv", views.table, name="overview-table"),
    path("reports/<slug:month>.pdf", views.report, name="overview-report"),
]
