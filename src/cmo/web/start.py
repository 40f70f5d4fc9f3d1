"""Starting: Django with the settings of the office, its tables, its files, and the first way in."""

import ipaddress
import os
import secrets
from pathlib import Path
from shutil import rmtree
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings as django_settings
from django.core.management import call_command

from cmo.measures import Problem
from cmo.web import settings
from cmo.workspace import Workspace

URL = "CMO_URL"
_SECRET = "CMO_SECRET_KEY"  # noqa: S105 - the name of a variable


def configure(folder: Path, *, hosts: tuple[str, ...] = ()) -> Workspace:
    """Give Django the settings of the office for a workspace; before anything of the ledger is read.

    Args:
        folder: The company's folder.
        hosts: Names under which the office is reached, besides those of this machine.

    Raises:
        Problem: The folder is no workspace, or CMO_URL is no address.
    """
    workspace = Workspace.open(folder)
    given = {name: value for name, value in vars(settings).items() if name.isupper() and name != "HERE"}
    public = urlsplit(os.environ.get(URL, ""))
    if os.environ.get(URL) and (public.scheme not in {"http", "https"} or not public.hostname):
        raise Problem(f"{URL} is {os.environ[URL]!r}, expected an address such as https://cmo.example.org")
    secure = public.scheme == "https"
    given |= {
        "CMO_FOLDER": workspace.folder,
        "SECRET_KEY": os.environ.get(_SECRET) or _kept_secret(workspace.cmo / "secret"),
        "ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]", *hosts, *filter(None, [public.hostname])],
        "CSRF_TRUSTED_ORIGINS": [f"{public.scheme}://{public.netloc}"] if public.netloc else [],
        "SESSION_COOKIE_SECURE": secure,
        "CSRF_COOKIE_SECURE": secure,
        "LANGUAGE_COOKIE_SECURE": secure,
        "SECURE_HSTS_SECONDS": 31_536_000 if secure else 0,
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https") if secure else None,
        "STATIC_ROOT": workspace.cmo / "static",
        "LANGUAGE_CODE": workspace.config.company.language,
    }
    if not django_settings.configured:
        django_settings.configure(**given)
        apps.populate(django_settings.INSTALLED_APPS)
    return workspace


def opened(workspace: Workspace) -> None:
    """Open the workspace's ledger and bring every table of the office up to date.

    Raises:
        Problem: The database cannot be reached or written.
    """
    from cmo.ledger.opening import open_ledger

    open_ledger(workspace.cmo)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)


def gathered() -> None:
    """Put all static files where they are served from; drawings of an earlier version are forgotten."""
    call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=["redoc*"])
    rmtree(django_settings.CMO_FOLDER / ".cmo" / "drawn", ignore_errors=True)


def gathered_already() -> bool:
    """Whether static files were put where they are served from; pages cannot be shown before."""
    return (Path(str(django_settings.STATIC_ROOT)) / "staticfiles.json").exists()


def refuse_in_the_clear(host: str) -> None:
    """Be reached by other machines only behind HTTPS.

    Raises:
        Problem: Others could reach the address, and no address with HTTPS is named.
    """
    if not is_loopback(host) and not os.environ.get(URL, "").startswith("https://"):
        raise Problem(
            f"{host} can be reached by others, and passwords would travel in the clear: put a proxy with "
            f"HTTPS in front and name its address in {URL}, as in {URL}=https://cmo.example.org"
        )


def reached_at(host: str, port: int) -> str:
    """The address that others know, without a slash at its end."""
    shown = "localhost" if is_loopback(host) else host
    return os.environ.get(URL, "").rstrip("/") or f"http://{shown}:{port}"


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _kept_secret(path: Path) -> str:
    """The key that signs sessions, made once for a workspace and readable by nobody else."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    except OSError as error:
        raise Problem(f"{path}: the file cannot be written ({error.strerror}); check the rights") from error
    return path.read_text(encoding="utf-8")
