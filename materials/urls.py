"""Addresses of WHAT."""

from django.urls import path

from materials.views import catalogue, delivery, detail, upload

app_name = "materials"

urlpatterns = [
    path("materials/", catalogue.material_list, name="material-list"),
    path("materials/new/", upload.material_new, name="material-new"),
    path("materials/authors/", upload.author_search, name="author-search"),
    path("materials/<int:pk>-<slug:slug>/", detail.material_detail, name="material-detail"),
    path("materials/<int:pk>/edit/", upload.material_edit, name="material-edit"),
    path("materials/<int:pk>/versions/", upload.material_versions, name="material-versions"),
    path("materials/<int:pk>/hide/", detail.material_hide, name="material-hide"),
    path("materials/<int:pk>/unhide/", detail.material_unhide, name="material-unhide"),
    path("materials/<int:pk>/delete/", detail.material_delete, name="material-delete"),
    path("materials/<int:pk>/download/", delivery.material_download, name="material-download"),
    path(
        "materials/<int:pk>/download/<int:number>/",
        delivery.material_download,
        name="version-download",
    ),
    path(
        "materials/<int:pk>/preview/<int:number>/",
        delivery.material_preview,
        name="material-preview",
    ),
    path("events/<int:pk>/materials/", catalogue.event_materials, name="for-event"),
    path("search/", catalogue.search, name="search"),
]
