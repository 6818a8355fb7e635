"""Which addresses may be called: public ones, and networks an administrator named."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_METADATA = ("169.254.0.0/16", "fe80::/10", "fd00:ec2::254/128", "100.100.100.200/32")
"""Link-local addresses and others where clouds keep their credentials: never, whatever was named."""
_NEVER = tuple(ipaddress.ip_network(text) for text in _METADATA)


def parse_networks(text: str) -> tuple[Network, ...]:
    """Networks as a setting names them, separated by commas. Raises ValueError."""
    return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())


def may_call(text: str, named: Iterable[Network]) -> bool:
    """Whether a resolved address may be called; those that hold an IPv4 address are judged by that one."""
    address = _meant(ipaddress.ip_address(text.partition("%")[0]))
    if _is_in(address, _NEVER) or address.is_multicast or address.is_unspecified:
        return False
    return address.is_global or _is_in(address, named)


def _is_in(address: Address, networks: Iterable[Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)


def _meant(address: Address) -> Address:
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else address)
