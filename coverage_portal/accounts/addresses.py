"""Where a request comes from: the address of the client, as told by nobody but the one trusted proxy."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

IPV6_NETWORK_BITS = 64
"""Whoever has an IPv6 line has a whole network of addresses, so it counts as one."""


def client_address(request: HttpRequest) -> str | None:
    """The client's address; None where there is none to be read.

    Only a request that the proxy `TRUSTED_PROXY` hands on is asked for the address that it was given, and
    only for the last one: what stands before it the client may have written itself.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXY and peer == settings.TRUSTED_PROXY:
        peer = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip() or peer
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)


def network_of(address: str | None) -> str:
    """What counts as one place: an IPv4 address, or the /64 of an IPv6 one; empty where it is unknown."""
    if address is None:
        return ""
    parsed = ipaddress.ip_address(address)
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((address, IPV6_NETWORK_BITS), strict=False).network_address)


def client_network(request: HttpRequest) -> str | None:
    """The client's network, for django-axes, which counts by it."""
    return network_of(client_address(request)) or None
