"""Wiring of the portal; importing it makes Celery's shared tasks know their application."""

from network_portal.celery import app as celery_app

__all__ = ["celery_app"]
