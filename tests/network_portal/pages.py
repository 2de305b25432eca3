"""A small portal for tests of the wiring: pages that break, read and answer."""

from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import JsonResponse
from django.urls import path
from psycopg_pool import PoolTimeout

from network_portal import urls
from network_portal.urls import handler400, handler404, handler500  # noqa: F401


@login_not_required
def echo(request, word=""):
    return JsonResponse(
        {
            "word": word,
            "get": dict(request.GET.lists()),
            "post": dict(request.POST.lists()),
            "cookies": request.COOKIES,
            "files": {name: [file.name, file.size] for name, file in request.FILES.items()},
        }
    )


@login_not_required
def break_down(request, how):
    if how == "pool":
        try:
            raise PoolTimeout("couldn't get a connection after 3 sec")
        except PoolTimeout as error:
            raise OperationalError(str(error)) from error
    if how == "chain":
        try:
            raise InterfaceError("connection already closed")
        except InterfaceError:
            raise RuntimeError("cannot roll back")  # noqa: B904
    raise {"gone": OperationalError("server closed the connection"), "bug": KeyError("x")}[how]


urlpatterns = [
    path("echo/", echo),
    path("echo/<str:word>/", echo),
    path("break/<str:how>/", break_down),
    *urls.urlpatterns,
]
