"""Looks whether a listing's web address still answers, and never touches what is not public.

It is off unless the setting `link_checker` is on: asking for a page tells its owner that somebody
is interested. A name is looked up once for each step, all its addresses must be public, and the
connection goes to what was looked up and to nothing else, so that a name cannot change its mind in
between. Each redirect is judged anew. It keeps nothing.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final, Literal

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

SECONDS: Final = 10
"""For one address, with all its redirects."""
REDIRECTS: Final = 4
AT_ONCE: Final = 5
MOST: Final = 50
"""Addresses in one go."""
PORTS: Final = frozenset({80, 443})
_HEADER_BYTES: Final = 16_384
_HEADERS: Final = {"User-Agent": "Mozilla/5.0 (link check)", "Accept": "*/*"}
_INWARD: Final = ("onion", "local", "localhost", "internal", "intranet", "lan", "home", "corp",
                  "i2p", "exit", "arpa", "test", "invalid", "alt")  # fmt: skip
"""Last labels of names that mean nothing in public, or something else on each network."""
_TUNNELS: Final = tuple(
    map(ip_network, ("2002::/16", "2001::/32", "64:ff9b::/96", "64:ff9b:1::/48", "::/96"))
)
"""Addresses that hide another one: 6to4, Teredo, NAT64, the old compatible form."""

Ip = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
Code = Literal[
    "answers",
    "moved",  # it answers, but on another site
    "gone",  # 404 or 410
    "broken",  # another error of the site
    "no_answer",
    "no_such_name",
    "certificate",
    "not_public",  # an address inside a network, of this machine, of Tor
    "not_a_page",  # no http or https, a user name in it, another port
    "too_many_redirects",
]


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of one address."""

    url: str
    code: Code
    status: int | None = None
    to: str = ""
    """The site it led to, when that is another."""


class _Refused(Exception):
    def __init__(self, code: Code) -> None:
        super().__init__(code)
        self.code: Code = code


def is_public(ip: Ip) -> bool:
    """Whether an address is one of the public network, whatever form it hides in."""
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(ip.ipv4_mapped)
        if ip.scope_id is not None or any(ip in tunnel for tunnel in _TUNNELS):
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


async def look_up(host: str, port: int) -> Sequence[str]:
    """All addresses of a name, by this machine's resolver. Raises `OSError`."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(one[4][0]) for one in found]


class Checker:
    """Visits web addresses, some at once, and says what came of each."""

    def __init__(
        self,
        resolve: Resolve = look_up,
        public: Callable[[Ip], bool] = is_public,
        ports: frozenset[int] = PORTS,
    ) -> None:
        """What is left out is right for the service; tests have a network of their own."""
        self._resolve, self._public, self._ports = resolve, public, ports

    async def look(self, urls: Sequence[str]) -> tuple[Looked, ...]:
        """What came of each address, in their order. At most MOST are looked at."""
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(url: str) -> Looked:
            async with gate:
                try:
                    async with asyncio.timeout(SECONDS):
                        return await self._follow(url)
                except _Refused as refused:
                    return Looked(url, refused.code)
                except aiohttp.ClientConnectorCertificateError:
                    return Looked(url, "certificate")
                except ssl.SSLError:
                    return Looked(url, "certificate")
                except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
                    return Looked(url, "no_answer")

        return tuple(await asyncio.gather(*(one(url) for url in dict.fromkeys(urls[:MOST]))))

    async def _follow(self, written: str) -> Looked:
        first = url = self._page(written)
        for _ in range(REDIRECTS + 1):
            status, location = await self._ask(url)
            if not (300 <= status < 400 and location):
                return _said(written, status, first, url)
            url = self._page(str(url.join(URL(location))))
        raise _Refused("too_many_redirects")

    def _page(self, written: str) -> URL:
        """The address of a page on a site that has a public name. Raises `_Refused`."""
        try:
            url = URL(written)
            host, port = url.host, url.port
        except ValueError:
            raise _Refused("not_a_page") from None
        if url.scheme not in {"http", "https"} or not host or url.user or url.password:
            raise _Refused("not_a_page")
        if port not in self._ports:
            raise _Refused("not_a_page")
        if not _is_literal(host) and ("." not in host or _last(host) in _INWARD):
            raise _Refused("not_public")
        return url.with_fragment(None)

    async def _ask(self, url: URL) -> tuple[int, str]:
        """The status of a page and where it leads. Raises `_Refused` before anything is sent."""
        host, port = url.host or "", url.port or 0
        addresses = await self._addresses(host, port)
        connector = aiohttp.TCPConnector(
            resolver=_Pinned(host, addresses), use_dns_cache=False, force_close=True, limit=1
        )
        async with aiohttp.ClientSession(
            connector=connector,
            headers=_HEADERS,
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
            max_line_size=_HEADER_BYTES,
            max_field_size=_HEADER_BYTES,
        ) as session:
            for method in ("HEAD", "GET"):
                async with session.request(method, url, allow_redirects=False) as answer:
                    status, location = answer.status, answer.headers.get("Location", "")
                    # Some sites answer only who asks for the page; no byte of it is read.
                    if status not in {403, 404, 405, 501} or method == "GET":
                        return status, location
        raise AssertionError("the second of two methods returns")

    async def _addresses(self, host: str, port: int) -> tuple[str, ...]:
        if _is_literal(host):
            found: Sequence[str] = [host]
        else:
            try:
                found = await self._resolve(host, port)
            except (OSError, UnicodeError):
                raise _Refused("no_such_name") from None
        addresses = tuple(dict.fromkeys(found))
        if not addresses:
            raise _Refused("no_such_name")
        if not all(self._public(ip_address(address)) for address in addresses):
            raise _Refused("not_public")
        return addresses


class _Pinned(AbstractResolver):
    """Gives the addresses that were judged, and asks nobody again."""

    def __init__(self, host: str, addresses: Sequence[str]) -> None:
        self._host, self._addresses = host, addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The judged addresses; for another name none."""
        if host != self._host:
            raise OSError("only what was judged is visited")
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in self._addresses
            if family in {socket.AF_UNSPEC, socket.AF_INET6 if ":" in address else socket.AF_INET}
        ]

    async def close(self) -> None:
        """It holds nothing."""


def _said(written: str, status: int, first: URL, last: URL) -> Looked:
    elsewhere = _site(first) != _site(last)
    if status in {404, 410}:
        return Looked(written, "gone", status)
    # 401, 403 and 429 are a site that answers, though not to a program.
    if status >= 400 and status not in {401, 403, 429}:
        return Looked(written, "broken", status)
    return Looked(written, "moved" if elsewhere else "answers", status, _site(last))


def _site(url: URL) -> str:
    return (url.host or "").removeprefix("www.")


def _last(host: str) -> str:
    return host.rstrip(".").rpartition(".")[2].casefold()


def _is_literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
