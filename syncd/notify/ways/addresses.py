"""Where a name leads, and that it does not lead inside: a message must not become a request to a neighbour."""

import ipaddress
import socket

from syncd.notify.ways import NotSent, Refused

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""RFC 6052: an IPv4 address in the last 32 bits."""


def resolved(host: str, port: int, *, private: bool) -> str:
    """An address of the host, to be connected to as it is: asked again, a name may lead elsewhere.

    :param private: whether it may be inside
    :raises Refused: it is inside, or one of its addresses is
    :raises NotSent: nobody knows the name
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotSent(f"the name {host} is not known: {error}") from None
    addresses = [str(entry[4][0]) for entry in found]
    inside = [address for address in addresses if not is_public(address)]
    if inside and not private:
        raise Refused(f"{host} leads to {inside[0]}, which is not public: allow_private: true permits it")
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether it is reached over the internet, also where an IPv4 address is wrapped in an IPv6 one."""
    bare = _unwrapped(ipaddress.ip_address(address.partition("%")[0]))
    return bare.is_global and not bare.is_multicast


def _unwrapped(address: Address) -> Address:
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else address)
