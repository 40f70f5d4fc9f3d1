import pkgutil
import subprocess
import sys

import cmo

_ABOVE = {"cli", "web", "mcp", "bench", "loop", "briefs", "ledger"}
_BELOW = sorted({module.name for module in pkgutil.iter_modules(cmo.__path__)} - _ABOVE)

_WITHOUT_DJANGO = """
import importlib, pkgutil, sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "django":
            raise ModuleNotFoundError(f"{name} is not installed", name=name)

sys.meta_path.insert(0, Absent())
for room in sys.argv[1:]:
    package = importlib.import_module(f"cmo.{room}")
    for module in pkgutil.walk_packages(getattr(package, "__path__", []), f"cmo.{room}."):
        importlib.import_module(module.name)
print(*sorted(name for name in sys.modules if name.startswith("cmo.")))
"""


def test_measures_knowledge_and_judgement_need_no_django() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT_DJANGO, *_BELOW], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert {"cmo.measures.claim", "cmo.strategy.confront", "cmo.strategy.changes"} <= set(done.stdout.split())


def test_django_is_as_its_settings_say_when_a_web_process_comes_first() -> None:
    code = """
from django.conf import settings
settings.configure(INSTALLED_APPS=["cmo.ledger"], SECRET_KEY="web", USE_TZ=True)
import django
django.setup()
from cmo.ledger import models
assert settings.SECRET_KEY == "web" and models.Review._meta.app_label == "ledger"
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_committed_migrations_make_the_models() -> None:
    code = """
import cmo.ledger
from django.core.management import call_command
call_command("makemigrations", "ledger", check=True, dry_run=True)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
