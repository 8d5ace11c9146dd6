"""The one way out: whatever the site asks of another host goes through a session made here.

Only hosts that the operator named are asked, by https. A name is looked up once, every address it
has must be a public one, and the connection is made to an address that was looked at, so that a
second answer of the name server changes nothing. Redirects, proxies, cookies, long answers and
slow ones are refused.
"""

import contextlib
import http.client
import io
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, Final, TypeVar
from urllib.parse import SplitResult, urlsplit

import requests
from requests.adapters import BaseAdapter

#: Longest answer, in bytes, and the seconds that a connection and a whole exchange may take.
MAX_BYTES: Final = 1_000_000
CONNECT_SECONDS: Final = 5.0
TOTAL_SECONDS: Final = 10.0

_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]+)")
_THIS_MACHINE: Final = frozenset({"localhost", "127.0.0.1"})
_PORTS: Final = {"https": 443, "http": 80}
#: Addresses of clouds' own services, old transition networks and sites' own, which count as global.
_NOT_PUBLIC: Final = tuple(
    map(ip_network, ("168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24", "fec0::/10"))
)
_NAT64: Final = ip_network("64:ff9b::/96")

Session = TypeVar("Session", bound=requests.Session)
#: Name and port to the addresses of the name.
Resolve = Callable[[str, int], list[str]]
#: Address and port, seconds to wait: an open connection.
Connect = Callable[[tuple[str, int], float], socket.socket]


class OutboundError(requests.ConnectionError):
    """The request is not made, or its answer not taken. The first argument is a code."""


def look_up(name: str, port: int) -> list[str]:
    """Return the addresses of a host."""
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True)
class Destinations:
    """Where requests may go, and how they get there.

    Attributes
    ----------
    hosts : frozenset of str
        Names, with a port where it is not the usual one: ``login.example.go.th:8443``.
    development : bool
        Whether http and this machine may be named as well.
    ca_file : str or None
        Certificates to trust beside the usual ones.
    seconds : float
        How long a whole exchange may take.
    resolve, connect : callable
        Name look-up and connection; replaced in tests.
    """

    hosts: frozenset[str]
    development: bool = False
    ca_file: str | None = None
    seconds: float = TOTAL_SECONDS
    resolve: Resolve = field(default=look_up, repr=False)
    connect: Connect = field(default=socket.create_connection, repr=False)

    def __post_init__(self) -> None:
        for host in self.hosts:
            if not is_host(host, development=self.development):
                raise ValueError(f"{host}: name a host such as login.example.go.th")

    def check(self, url: str) -> SplitResult:
        """Return the parts of an address that may be asked.

        Raises
        ------
        OutboundError
            ``address``, ``scheme`` or ``host``.
        """
        if not re.fullmatch(r"[\x21-\x5b\x5d-\x7e]+", url):
            raise OutboundError("address")
        try:
            parts = urlsplit(url)
            port = parts.port or _PORTS.get(parts.scheme, 0)
        except ValueError as error:
            raise OutboundError("address") from error
        if parts.scheme not in (_PORTS if self.development else ("https",)):
            raise OutboundError("scheme")
        usual = port == _PORTS[parts.scheme]
        named = {f"{parts.hostname}:{port}", parts.hostname if usual else None}
        if "@" in parts.netloc or not named & self.hosts:
            raise OutboundError("host")
        return parts

    def address_of(self, name: str, port: int) -> str:
        """Look a name up once and return an address that may be connected to.

        Raises
        ------
        OutboundError
            ``unknown_host``, or ``private`` when any address of the name is not public.
        """
        try:
            addresses = self.resolve(name, port)
        except OSError as error:
            raise OutboundError("unknown_host") from error
        near = self.development
        if not addresses or not all(is_public(a) or (near and _is_loopback(a)) for a in addresses):
            raise OutboundError("private")
        return addresses[0]


def guard(session: Session, to: Destinations) -> Session:
    """Let a session, such as one that a library made, reach these destinations and nothing else."""
    session.trust_env = False
    session.max_redirects = 0
    session.adapters.clear()
    for scheme in _PORTS if to.development else ("https",):
        session.mount(f"{scheme}://", _Door(to))
    return session


def session_to(to: Destinations) -> requests.Session:
    """Return a fresh session that reaches these destinations and nothing else."""
    return guard(requests.Session(), to)


def is_host(host: str, *, development: bool = False) -> bool:
    """Whether this is the name of a host, maybe with a port. Numbers in any notation are not."""
    name, _colon, port = host.partition(":")
    if port and not (port.isdecimal() and port.isascii() and 0 < int(port) < 65536):
        return False
    return bool(_NAME.fullmatch(name)) or (development and name in _THIS_MACHINE)


def is_public(address: str) -> bool:
    """Whether an address is one of the public network, also inside an address that wraps it."""
    found = ip_address(address)
    if isinstance(found, IPv6Address):
        if found.scope_id is not None:
            return False
        found = _wrapped(found) or found
    if any(found.version == net.version and found in net for net in _NOT_PUBLIC):
        return False
    return found.is_global and not (found.is_multicast or found.is_reserved)


def _wrapped(address: IPv6Address) -> IPv4Address | None:
    if address.teredo:
        return address.teredo[1]
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _is_loopback(address: str) -> bool:
    return ip_address(address).is_loopback


class _Door(BaseAdapter):
    """Carries one request of a session out, and its answer in."""

    def __init__(self, to: Destinations) -> None:
        super().__init__()
        self._to = to
        self._context = ssl.create_default_context()
        self._context.load_verify_locations(requests.utils.DEFAULT_CA_BUNDLE_PATH)
        if to.ca_file:
            self._context.load_verify_locations(to.ca_file)

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        """Ask, and return the whole answer. What callers say of proxies or trust is not heard.

        Raises
        ------
        OutboundError
            As ``Destinations``; ``body``, ``failed``, ``redirect``, ``encoded``, ``too_long``.
        """
        parts = self._to.check(request.url or "")
        if not isinstance(request.body, (str, bytes, type(None))):
            raise OutboundError("body")
        try:
            with self._connected(parts) as connection:
                headers = {"Accept-Encoding": "identity", "Connection": "close"}
                connection.request(
                    request.method or "GET",
                    request.path_url,
                    request.body,
                    {**_plain(request.headers), **headers},
                )
                answer = connection.getresponse()
                return self._response(request, answer)
        except (OSError, http.client.HTTPException, ValueError) as error:
            if isinstance(error, OutboundError):
                raise
            raise OutboundError("failed", type(error).__name__) from error

    def close(self) -> None:
        """Nothing is kept open."""

    @contextmanager
    def _connected(self, parts: SplitResult) -> Iterator[http.client.HTTPConnection]:
        name, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
        address = self._to.address_of(name, port)
        connection = http.client.HTTPConnection(name, port)
        if parts.scheme == "https":
            connection.default_port = 443
        opened = [self._to.connect((address, port), CONNECT_SECONDS)]
        with _ended_in_time(opened, self._to.seconds):
            if parts.scheme == "https":
                opened.append(self._context.wrap_socket(opened[0], server_hostname=name))
            connection.sock = opened[-1]
            yield connection

    @staticmethod
    def _response(
        request: requests.PreparedRequest, answer: http.client.HTTPResponse
    ) -> requests.Response:
        if 300 <= answer.status < 400:
            raise OutboundError("redirect")
        if answer.headers.get("Content-Encoding", "identity") != "identity":
            raise OutboundError("encoded")
        content = answer.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise OutboundError("too_long")
        response = requests.Response()
        response.status_code, response.reason = answer.status, answer.reason
        response.headers.update(answer.headers.items())
        response.encoding = requests.utils.get_encoding_from_headers(response.headers)
        response.request, response.url = request, request.url or ""
        response.raw = io.BytesIO(content)
        return response


def _plain(headers: Mapping[str, str | bytes]) -> dict[str, str]:
    return {k: v.decode("latin-1") if isinstance(v, bytes) else v for k, v in headers.items()}


@contextmanager
def _ended_in_time(opened: list[socket.socket], seconds: float) -> Iterator[None]:
    """Close the sockets at the end, and cut them when it takes too long, however they drip."""

    def cut() -> None:
        for one in list(opened):
            with contextlib.suppress(OSError):
                # Of the plain class: an encrypted connection would wait to say goodbye.
                socket.socket.shutdown(one, socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        for one in opened:
            one.close()
