"""What the site may ask of other hosts: what the operator named, and nothing else."""

import json
import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session

from core.outbound import Destinations, OutboundError, guard, is_host, is_public, session_to
from tests.security.canary import Canary, certificate_for, listening
from tests.security.conftest import Record
from tests.security.corpora import payloads

NAMED = "login.example.go.th"
#: A public address; nothing is ever sent to it, the test's connection leads to the canary.
PUBLIC = "203.114.0.7"
NOT_PUBLIC = (
    *("0.0.0.1", "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1", "169.254.169.254"),
    *("168.63.129.16", "172.16.0.1", "192.0.0.192", "192.168.1.1", "198.18.0.1", "224.0.0.1"),
    *("240.0.0.1", "255.255.255.255", "::", "::1", "::7f00:1", "fc00::1", "fd00:ec2::254"),
    *("fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe"),
    *("64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:1:2:3:4:80ff:fffe", "2001:db8::1"),
)


class Network:
    """A network in which every name leads to the canary, and where that is noted."""

    def __init__(self, canary: Canary, *answers: str) -> None:
        self.canary = canary
        self.answers = answers or (PUBLIC,)
        self.looked_up: list[str] = []
        self.connected: list[str] = []

    def resolve(self, name: str, _port: int) -> list[str]:
        self.looked_up.append(name)
        return [self.answers[min(len(self.looked_up), len(self.answers)) - 1]]

    def connect(self, address: tuple[str, int], seconds: float) -> socket.socket:
        self.connected.append(address[0])
        return socket.create_connection(("127.0.0.1", self.canary.port), seconds)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate_for(NAMED, tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def canary(certificate: Path) -> Iterator[Canary]:
    with listening(certificate) as server:
        yield server


def to(network: Network, certificate: Path, seconds: float = 10.0) -> Destinations:
    return Destinations(
        frozenset({NAMED}),
        ca_file=str(certificate),
        seconds=seconds,
        resolve=network.resolve,
        connect=network.connect,
    )


def ask(network: Network, certificate: Path, url: str, seconds: float = 10.0) -> requests.Response:
    return session_to(to(network, certificate, seconds)).get(url)


def test_a_named_host_is_asked_by_an_address_that_was_looked_at(
    canary: Canary, certificate: Path
) -> None:
    """The control: everything refused below is refused although this works."""
    network = Network(canary)
    answer = ask(network, certificate, f"https://{NAMED}/.well-known/keys?x=1")
    assert (answer.status_code, answer.json()) == (200, {"found": True})
    assert network.connected == [PUBLIC]
    assert canary.visits == ["/.well-known/keys?x=1"]


def test_the_session_of_a_library_can_be_guarded(canary: Canary, certificate: Path) -> None:
    session = guard(OAuth2Session("client"), to(Network(canary), certificate))
    found = session.request("GET", f"https://{NAMED}/keys", withhold_token=True)
    assert found.json() == {"found": True}
    with pytest.raises(requests.RequestException):
        session.request("GET", f"https://127.0.0.1:{canary.port}/", withhold_token=True)


def test_no_address_of_the_collection_reaches_anything(
    canary: Canary, certificate: Path, record: Record
) -> None:
    network = Network(canary)
    session = session_to(to(network, certificate))
    ports = (f"http://127.0.0.1:{canary.port}/", f"https://127.0.0.1:{canary.port}/")
    tried = [*payloads("ssrf"), *ports]
    tried += [value.replace("http://", "https://", 1) for value in tried]
    tried += [value.replace("allowed.example", NAMED) for value in tried]
    taken = []
    for url in tried:
        try:
            session.get(url)
        except (requests.RequestException, ValueError):
            continue
        taken.append(url)
    record("server-side requests", tries=len(tried), hits=len(canary.visits))
    # Some of the collection keep to the named host with an odd path; they reach it and no other.
    # A backslash behind the host is sent as a part of the path.
    own = re.compile(rf"https://{re.escape(NAMED)}(?=[/?#\\]|$)")
    strayed = [url for url in taken if not own.match(url)]
    assert strayed == []
    assert len(taken) == len(network.connected)
    assert set(network.connected) <= {PUBLIC}


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_a_name_that_leads_inside_is_not_followed(
    canary: Canary, certificate: Path, address: str
) -> None:
    network = Network(canary, address)
    with pytest.raises(OutboundError, match="private"):
        ask(network, certificate, f"https://{NAMED}/")
    assert (network.connected, canary.visits) == ([], [])
    assert not is_public(address)


def test_one_inside_address_among_public_ones_refuses_them_all(certificate: Path) -> None:
    names = Destinations(frozenset({NAMED}), resolve=lambda *_: [PUBLIC, "10.0.0.1"])
    with pytest.raises(OutboundError, match="private"):
        session_to(names).get(f"https://{NAMED}/")


def test_a_name_that_changes_its_mind_is_asked_once_for_each_request(
    canary: Canary, certificate: Path
) -> None:
    network = Network(canary, PUBLIC, "127.0.0.1")
    session = session_to(to(network, certificate))
    assert session.get(f"https://{NAMED}/").ok
    assert (network.looked_up, network.connected) == ([NAMED], [PUBLIC])
    with pytest.raises(OutboundError, match="private"):
        session.get(f"https://{NAMED}/")
    assert network.connected == [PUBLIC]


def test_a_redirect_is_not_followed(canary: Canary, certificate: Path) -> None:
    with pytest.raises(OutboundError, match="redirect"):
        ask(Network(canary), certificate, f"https://{NAMED}/redirect")
    assert canary.visits == ["/redirect"]


@pytest.mark.parametrize(("path", "code"), [("long", "too_long"), ("packed", "encoded")])
def test_long_and_packed_answers_are_refused(
    canary: Canary, certificate: Path, path: str, code: str
) -> None:
    with pytest.raises(OutboundError, match=code):
        ask(Network(canary), certificate, f"https://{NAMED}/{path}")


def test_an_answer_that_drips_is_cut(canary: Canary, certificate: Path) -> None:
    began = time.monotonic()
    try:
        content = ask(Network(canary), certificate, f"https://{NAMED}/slow", seconds=0.5).content
    except OutboundError:
        content = b""
    assert len(content) < 50
    assert time.monotonic() - began < 4


def test_a_certificate_of_another_host_is_refused(canary: Canary, tmp_path: Path) -> None:
    other = certificate_for("other.example.go.th", tmp_path)
    with listening(other) as server, pytest.raises(OutboundError, match="failed"):
        ask(Network(server), other, f"https://{NAMED}/")
    with pytest.raises(OutboundError, match="failed"):
        ask(Network(canary), other, f"https://{NAMED}/")


def test_what_callers_and_the_environment_say_of_proxies_and_trust_is_not_heard(
    canary: Canary, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{canary.port}")
    other = Network(canary)
    session = session_to(
        Destinations(frozenset({NAMED}), resolve=other.resolve, connect=other.connect)
    )
    with pytest.raises(OutboundError, match="failed"):
        session.get(f"https://{NAMED}/", verify=False, allow_redirects=True)
    assert other.connected == [PUBLIC]
    assert canary.visits == []


def test_this_machine_may_be_named_while_developing_only() -> None:
    with listening() as near:
        host = f"127.0.0.1:{near.port}"
        found = session_to(Destinations(frozenset({host}), development=True)).get(f"http://{host}/")
        assert json.loads(found.content) == {"found": True}
        with pytest.raises(ValueError, match="name a host"):
            Destinations(frozenset({host}))


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "2130706433", "0x7f000001", "0x7f.1", "017700000001", "127.1", "localhost"),
        *("[::1]", "*", "*.go.th", "go.th:0", "go.th:99999", "http://go.th", "a@go.th", "", "go"),
    ],
)
def test_what_is_no_name_of_a_host_cannot_be_named(host: str) -> None:
    assert not is_host(host)


def test_public_addresses_are_public() -> None:
    assert is_public(PUBLIC)
    assert is_public("2606:4700:4700::1111")
    assert is_public("64:ff9b::808:808")
    assert is_host("login.example.go.th:8443")
