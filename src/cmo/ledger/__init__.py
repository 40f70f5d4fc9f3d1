"""Memory: what is remembered of strategy and reviews, and by whom it was changed.

Django wants its settings before the first model is read. A process that has not given any (the command
line, a notebook) gets those of the ledger alone; a web process has its own by the time it comes here.
"""

from django.apps import apps
from django.conf import settings as django_settings

from cmo.ledger import settings

if not django_settings.configured:
    django_settings.configure(**{name: value for name, value in vars(settings).items() if name.isupper()})
    apps.populate(django_settings.INSTALLED_APPS)
