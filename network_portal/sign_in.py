"""Addresses of signing in: allauth's pages under the portal's own paths."""

import functools

from allauth.account import views
from django.urls import path


@functools.wraps(views.logout)
def sign_out(request):
    """After it nothing of the person stays in the browser: the next one may sit at it."""
    response = views.logout(request)
    if request.method == "POST":
        response["Clear-Site-Data"] = '"cache"'
    return response


urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", sign_out, name="account_logout"),
    path("login/link/", views.request_login_code, name="account_request_login_code"),
    path("login/code/", views.confirm_login_code, name="account_confirm_login_code"),
    path("login/again/", views.reauthenticate, name="account_reauthenticate"),
    path("login/inactive/", views.account_inactive, name="account_inactive"),
    path("signup/", views.signup, name="account_signup"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
]
