"""Under which name the console is reached, and whether that is safe enough to sign in.

It decides by the settings and the request's own head. A name that is not ours is refused: a page of
somebody else whose name leads to this machine would otherwise be one site with us. Plain http is
for this machine alone, as browsers see it too.
"""

import ipaddress
from urllib.parse import urlsplit

from aiohttp import web

from bot.console.frame import ConsoleSettings, Visit
from bot.staff.passkeys import Site


class Host:
    """The console's own names."""

    def __init__(self, settings: ConsoleSettings) -> None:
        parts = urlsplit(settings.url)
        self._named, self._scheme = parts.netloc.lower(), parts.scheme
        self._behind_proxy = settings.behind_proxy

    def is_secure(self, request: web.Request) -> bool:
        """Whether the browser reached us by https."""
        if self._named and request.host.lower() == self._named:
            return self._scheme == "https"
        if self._behind_proxy:
            return request.headers.get("X-Forwarded-Proto", "") == "https"
        return request.secure

    def origin(self, request: web.Request) -> str:
        """Ours, as browsers write it."""
        return f"{'https' if self.is_secure(request) else 'http'}://{request.host.lower()}"

    def name(self, request: web.Request) -> str:
        """The name without its port, for passkeys."""
        return (urlsplit(f"//{request.host}").hostname or "").lower()

    def address(self, request: web.Request) -> str:
        """Where it came from. Behind a proxy of ours: the only part that the proxy wrote itself."""
        if not self._behind_proxy:
            return request.remote or ""
        said = request.headers.getall("X-Forwarded-For", [""])
        return said[-1].rpartition(",")[2].strip()

    def problem(self, request: web.Request) -> str:
        """Why nobody can sign in here: `host` or `plain`; empty when all is well."""
        try:
            name = self.name(request)
        except ValueError:
            return "host"
        if request.host.lower() == self._named:
            return "" if self._scheme == "https" or is_this_machine(name) else "plain"
        if is_this_machine(name):
            return ""
        if self._named or not _is_number(name):
            return "host"
        return "" if self.is_secure(request) else "plain"


def site_of(visit: Visit) -> Site | None:
    """Where the console is, for passkeys; None under a number, for which browsers make none."""
    host = visit.desk.host
    name = host.name(visit.request)
    return None if _is_number(name) else Site(name, host.origin(visit.request))


def demo_staff(visit: Visit) -> tuple[tuple[str, str], ...]:
    """Ids and names of those who can be tried; nobody but in a demonstration, on this machine."""
    office, name = visit.office, visit.desk.host.name(visit.request)
    if not (office.settings.demo and is_this_machine(name)):
        return ()
    return tuple(office.parts.get("demo_staff", ()))


def is_this_machine(name: str) -> bool:
    """Whether browsers take that name for the machine they run on."""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    return _is_number(name) and ipaddress.ip_address(name).is_loopback


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
