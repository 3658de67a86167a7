"""Frozen values that are quick to make: one assessment makes two hundred of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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


class Later:
    """A value of which some fields are worked out when they are first read, and then kept.

    Nobody can tell from outside: a field that was put off is read, compared, hashed, copied, pickled and written
    like any other. What works it out must be pure and may hold nothing that changes.
    """

    __slots__ = ("_later",)
    _later: Mapping[str, Callable[[], object]]

    def put_off(self: _T, **later: Callable[[], object]) -> _T:
        """Forget these fields until they are read; each is then what its function gives."""
        for name in later:
            delattr(self, name)
        self._later = later  # type: ignore[attr-defined]
        return self


def _work_out(self: Later, name: str) -> object:
    """What a field that was put off is; called when a field is not there yet."""
    later = {} if name == "_later" else getattr(self, "_later", {})
    if name not in later:
        raise AttributeError(f"{type(self).__name__} has no {name}", name=name, obj=self)
    value = later[name]()
    setattr(self, name, value)
    return value


Later.__getattr__ = _work_out  # type: ignore[attr-defined]  # the checker knows the fields and looks for others
