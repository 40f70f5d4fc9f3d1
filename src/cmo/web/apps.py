"""The office as Django knows it."""

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """Tables of people, invitations, guest links and jobs; their names start with `web_`."""

    name = "cmo.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"
