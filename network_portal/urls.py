"""Every address of the portal, app by app."""

from django.urls import include, path

from network_portal.health import healthz, readyz

handler400 = "network_portal.errors.bad_request"
handler403 = "network_portal.errors.permission_denied"
handler404 = "network_portal.errors.page_not_found"
handler500 = "network_portal.errors.server_error"

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("", include("network_portal.sign_in")),
    path("", include("communities.urls")),
    path("", include("events.urls")),
    path("", include("materials.urls")),
    path("", include("attestation.urls")),
]
