"""No message becomes a request to a neighbour."""

import socket

import pytest

from syncd.notify.ways import NotSent, Refused
from syncd.notify.ways.addresses import is_public, resolved


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
     "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:80ff:fffe"],
)  # fmt: skip
def test_what_is_inside_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"]
)
def test_what_is_outside_is(address):
    assert is_public(address)


def answers(monkeypatch, *addresses: str) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: found)


def test_a_name_with_one_address_inside_is_refused(monkeypatch):
    answers(monkeypatch, "93.184.216.34", "10.0.0.7")
    with pytest.raises(Refused, match=r"leads to 10\.0\.0\.7"):
        resolved("hooks.acme.example", 443, private=False)


def test_the_address_that_was_looked_at_is_the_one_that_is_used(monkeypatch):
    answers(monkeypatch, "93.184.216.34")
    assert resolved("hooks.acme.example", 443, private=False) == "93.184.216.34"


def test_what_is_allowed_inside_is_used(monkeypatch):
    answers(monkeypatch, "10.0.0.7")
    assert resolved("hooks.acme.example", 443, private=True) == "10.0.0.7"


def test_a_name_that_nobody_knows_may_be_known_later(monkeypatch):
    def unknown(*_args, **_more):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(NotSent, match=r"hooks\.acme\.example is not known"):
        resolved("hooks.acme.example", 443, private=False)
