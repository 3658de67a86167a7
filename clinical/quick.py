"""Frozen values that are quick to make: one assessment makes two hundred of them."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field, fields
from typing import Any, TypeVar

_T = TypeVar("_T")


def quick(frozen: type[_T]) -> type[_T]:
    """Make a frozen dataclass with slots as quick to create as a plain one.

    A frozen dataclass fills each slot through `object.__setattr__`, which takes five times as long as an
    assignment. Under this decorator slots are assigned, and it is the type checker that refuses a later
    assignment (`mypy --strict` over the whole program); equality, hash and `replace` stay what they were.
    """
    declared: Any = fields(frozen)  # type: ignore[arg-type]
    body: dict[str, Any] = {"__annotations__": {one.name: one.type for one in declared}}
    for one in declared:
        if one.default_factory is not MISSING:
            body[one.name] = field(default_factory=one.default_factory)
        elif one.default is not MISSING:
            body[one.name] = one.default
    plain: Any = dataclass(eq=False, repr=False)(type(frozen.__name__, (), body))
    del frozen.__setattr__, frozen.__delattr__
    frozen.__init__ = plain.__init__  # type: ignore[method-assign]
    return frozen
