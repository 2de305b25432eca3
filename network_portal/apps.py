"""The wiring as a Django application: its checks, commands and template tags."""

from importlib import import_module

from django.apps import AppConfig


class NetworkPortalConfig(AppConfig):
    name = "network_portal"

    def ready(self):
        import_module("network_portal.checks")
