"""Addresses of the directories."""

from django.urls import path

from review.directories import changes, modules, places, uploads, views, words

urlpatterns = [
    path("", views.index, name="directories"),
    path("changes", changes.changes, name="directory-changes"),
    path("modules", modules.index, name="modules"),
    path("modules/words", words.download, name="module-words"),
    path("modules/words/upload", words.upload, name="module-words-upload"),
    path("modules/<slug:module>", modules.show, name="module"),
    path("modules/<slug:module>/draft", modules.draft, name="module-draft"),
    path("modules/<slug:module>/course", modules.course, name="module-course"),
    path("words/<int:pk>/drop", modules.drop, name="module-word-drop"),
    path("uploads/<int:pk>", uploads.show_upload, name="directory-upload"),
    path("uploads/<int:pk>/download", uploads.download, name="directory-upload-download"),
    path("uploads/<int:pk>/<slug:verb>", uploads.settle, name="directory-upload-settle"),
    path("places/<str:name>", places.place, name="place"),
    path("<slug:name>", views.show, name="directory"),
    path("<slug:name>/add", views.add, name="directory-add"),
    path("<slug:name>/edit", views.edit, name="directory-edit"),
    path("<slug:name>/save", views.save, name="directory-save"),
    path("<slug:name>/delete", views.delete, name="directory-delete"),
    path("<slug:name>/upload", uploads.upload, name="directory-file"),
]
