"""Addresses of the lists beside the queue itself."""

from django.urls import path

from review.views import bulk, queue, saved_views

urlpatterns = [
    path("news", queue.news, name="queue-news"),
    path("bulk", bulk.bulk, name="queue-bulk"),
    path("views", saved_views.save, name="view-save"),
    path("views/<int:pk>", saved_views.change, name="view-change"),
]
