"""A protocol that notices when it is asked for something in which another protocol differs.

What the two say alike is read as quickly as ever; only what differs is kept behind a door that rings. Rules are pure:
where it did not ring, the other protocol would have answered every question of that case in the same way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from clinical.protocol.load import Protocol

BY_NAME: Final = (
    "numbers",
    "values",
    "wholes",
    "spans",
    "sources",
    "profiles",
    "products",
    "work_up",
    "review_days",
)
"""Parts that are asked for one name at a time."""
WHOLE: Final = (
    "analytes", "conversions", "dose_tables", "panel", "choices", "saturation_limits", "site", "anaemia_label",
    "expected_rise", "signed",
)  # fmt: skip
"""Parts that are looked at as a whole."""
NAMES: Final = ("id", "version", "label", "text")
"""What a protocol is called and how it was written: an answer bears the label, and nothing follows from it."""


class Bell:
    """Whether something that differs was asked for."""

    __slots__ = ("rang",)

    def __init__(self) -> None:
        """Nothing was asked for yet."""
        self.rang = False


class _Rings(dict[Any, Any]):
    """A part of a protocol: what differs is not in it, and whoever asks for it rings the bell and is given it.

    Asking in any other way than for one name, which sees what is left out as not there, rings it too.
    """

    def __init__(self, bell: Bell, whole: Mapping[Any, Any], differing: frozenset[Any]) -> None:
        super().__init__({name: value for name, value in whole.items() if name not in differing})
        self._bell, self._whole = bell, whole

    def __missing__(self, name: Any) -> Any:
        self._bell.rang = True
        return self._whole[name]

    def _all(self) -> Mapping[Any, Any]:
        self._bell.rang = True
        return self._whole

    def __iter__(self) -> Iterator[Any]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __contains__(self, name: object) -> bool:
        return name in self._all()

    def __eq__(self, other: object) -> bool:
        return self._all() == other

    def get(self, name: Any, default: Any = None) -> Any:
        return self._all().get(name, default)

    def keys(self) -> Any:
        return self._all().keys()

    def values(self) -> Any:
        return self._all().values()

    def items(self) -> Any:
        return self._all().items()

    __hash__ = None


def watched(protocol: Protocol, other: Protocol, bell: Bell) -> Protocol:
    """The protocol, ringing the bell whenever something is asked for in which the other differs."""
    ringing: dict[str, Any] = {}
    held: dict[str, Any] = {name: getattr(protocol, name) for name in (*BY_NAME, *WHOLE, *NAMES)}
    for part in BY_NAME:
        differing = _differing(held[part], getattr(other, part))
        if differing:
            held[part] = _Rings(bell, held[part], differing)
    for part in WHOLE:
        mine, theirs = _compared(protocol, part), _compared(other, part)
        if mine != theirs:
            ringing[part] = property(partial(_ring, bell, held.pop(part)))
    found: Protocol = object.__new__(type("Watched", (Protocol,), ringing))
    vars(found).update(held)
    return found


def _compared(protocol: Protocol, part: str) -> object:
    """What a part is compared by: conversions follow from the analytes alone."""
    return getattr(protocol, "analytes" if part == "conversions" else part)


def _ring(bell: Bell, value: object, _protocol: Protocol) -> object:
    bell.rang = True
    return value


def _differing(mine: Mapping[Any, Any], theirs: Mapping[Any, Any]) -> frozenset[Any]:
    """Names that are not in both, or not the same in both."""
    return frozenset(
        name
        for name in mine.keys() | theirs.keys()
        if name not in mine or name not in theirs or mine[name] != theirs[name]
    )
