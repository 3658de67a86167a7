"""Where a clinic is kept: a file on this computer, or a database on a PostgreSQL server.

A server's address says where, never with which password: the password is taken out of it at once, so that the
address may stand in a title, a message or a log. One that would send patients' data in clear through a network
is refused before anything is sent.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from db.errors import Refused

SCHEMES: Final = ("postgresql", "postgres", "postgresql+psycopg")
PORT: Final = 5432
ENCRYPTED: Final = ("require", "verify-ca", "verify-full")
"""Modes of libpq that never go in clear; only `verify-full` also proves that it is the right server."""
_ANY: Final = ("disable", "allow", "prefer", *ENCRYPTED)
_OPTIONS: Final = frozenset({"host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey"})


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """A PostgreSQL database: `host` is a name, a numeric address, or the folder of a local socket.

    `user` is the database's role, not a person of the clinic. The password never shows in `str` or `repr`.
    """

    host: str
    database: str
    user: str
    port: int = PORT
    sslmode: str = "prefer"
    certificates: Mapping[str, str] = field(default_factory=dict, hash=False)
    password: str | None = field(default=None, repr=False)

    def __str__(self) -> str:
        """The address without its password."""
        if self.is_socket:
            return f"postgresql://{self.user}@/{self.database}?host={self.host}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"postgresql://{self.user}@{host}:{self.port}/{self.database}"

    @property
    def name(self) -> str:
        """What people call it: the name of the database."""
        return self.database

    @property
    def is_socket(self) -> bool:
        """Whether it is reached through a file of this computer, past every network."""
        return self.host.startswith("/")

    @property
    def is_local(self) -> bool:
        """Whether nothing leaves this computer."""
        return self.is_socket or is_loopback(self.host)

    def with_password(self, password: str) -> ServerAddress:
        """The same address with the password of its role."""
        return replace(self, password=password)


Place = Path | ServerAddress
"""Where a clinic is kept."""


def is_server(text: str) -> bool:
    """Whether a text is meant as the address of a server."""
    return text.partition("://")[0].lower() in SCHEMES


def place_of(text: str) -> Place:
    """The place a text names: the path of a file, or `postgresql://role@host/database`.

    Raises Refused("server-address") for an address that cannot be read and Refused("server-in-clear") for one
    that would send data unencrypted through a network.
    """
    return _address(text) if is_server(text) else Path(text).expanduser()


def is_loopback(host: str) -> bool:
    """Whether a name or number stands for this computer itself."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _address(text: str) -> ServerAddress:
    """Read an address; options that could lead past its host or its encryption are not known here."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise Refused("server-address", wrong="form") from None
    options = {key: value for key, value in url.query.items() if isinstance(value, str)}
    unknown = sorted(set(url.query) - _OPTIONS)
    if unknown or len(options) != len(url.query):
        raise Refused("server-address", wrong="option", option=", ".join(unknown))
    host = url.host or options.get("host") or ""
    if not (host and url.database and url.username) or "," in host or (url.host and "host" in options):
        raise Refused("server-address", wrong="form")
    try:
        port = url.port or int(options.get("port", PORT))
    except ValueError:
        raise Refused("server-address", wrong="form") from None
    made = ServerAddress(
        host=host,
        database=url.database,
        user=url.username,
        port=port,
        sslmode=options.get("sslmode", ""),
        certificates=MappingProxyType(
            {key: value for key, value in options.items() if key.startswith("ssl") and key != "sslmode"}
        ),
        password=url.password,
    )
    return replace(made, sslmode=_mode(made))


def _mode(address: ServerAddress) -> str:
    """How the connection is encrypted: proved and encrypted off this computer unless less is asked for."""
    if not address.sslmode:
        return "prefer" if address.is_local else "verify-full"
    if address.sslmode not in _ANY:
        raise Refused("server-address", wrong="sslmode")
    if not address.is_local and address.sslmode not in ENCRYPTED:
        raise Refused("server-in-clear", host=address.host)
    return address.sslmode
