"""What an observation means here: which analyte, in which canonical unit, and whether a person must look first.

A LOINC code and a name that speak of different analytes are held, neither trusted alone. The unit is trusted over
the code. An unknown unit is never converted, what cannot be true is held, and nothing is guessed.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from clinical import quantities
from clinical.protocol.analytes import level_name, level_unit
from db.imports.given import NOTHING_GIVEN, Given
from db.imports.names_of_tests import Names
from db.imports.numbers import has_digit
from db.imports.records import Coded, Observation, Reason, State

if TYPE_CHECKING:
    from clinical.protocol import Protocol

HOLDING: Final = frozenset(
    (
        "no-patient", "no-patient-number", "no-patient-name", "no-birth-date", "patient-not-in-file",
        "delimiters-unclear", "characters-unclear", "kind-unclear", "result-before-order", "row-unclear",
        "several-values", "value-and-reason", "report-withdrawn", "mapping-not-confirmed", "date-unclear",
    )
)  # fmt: skip
"""Faults the readers find that only a person can settle."""

PASSING_OVER: Final = frozenset(("attachment", "not-laboratory"))
_GONE: Final = frozenset(("cancelled", "entered-in-error"))
_OF_IRON: Final = frozenset(("iron", "ferritin", "tibc", "uibc", "transferrin", "transferrin-saturation"))
_COMPARATORS: Final = (None, "<", ">")
_LONGEST_TEXT: Final = 2000
"""Characters of a text that stands for a value; a longer one is a report and wants a reader."""
_NUMERIC: Final = frozenset(("NM", "SN", "Quantity", "number"))


@dataclass(frozen=True, slots=True)
class _Which:
    """The analyte of a test, where that comes from, or why it is none."""

    analyte: str | None
    source: str | None = None
    reason: Reason | None = None
    hold: bool = False
    warning: Reason | None = None


class Meaning:
    """The protocol and what the clinic told about its laboratories; remembers what a test means within a file."""

    def __init__(self, protocol: Protocol, given: Given = NOTHING_GIVEN) -> None:
        self.protocol = protocol
        self.given = given
        self._names = Names(protocol)
        iron = protocol.analytes.by_name["iron"].units if "iron" in protocol.analytes.by_name else {}
        self._molar = frozenset(unit for unit, accepted in iron.items() if accepted.unit == "umol/L")
        self._all_units = frozenset(unit for one in protocol.analytes.by_name.values() for unit in one.units)
        self._known: dict[tuple[object, ...], _Which] = {}
        self.tests: dict[str, tuple[Coded, ...]] = {}
        """What OBX-3 fields of this file say, by their text: laboratories send the same few over and over."""

    def settle(self, seen: Observation) -> Observation:
        """The same observation with analyte, canonical value, state and reasons worked out anew."""
        return self.settle_new(replace(seen))

    def settle_new(self, made: Observation) -> Observation:
        """As `settle`, for an observation that was made just now and that nobody else has: it is filled in itself."""
        which = self._which(made)
        warnings = made.warnings
        if which.warning is not None and which.warning not in warnings:
            warnings = (*warnings, which.warning)
        canonical, problem, doubt = self._amount(made, which) if which.analyte else (None, None, None)
        if doubt is not None and doubt not in warnings:
            warnings = (*warnings, doubt)
        fill = object.__setattr__  # a copy costs as much as all the rest of reading a row
        state, reasons = _state(made, which, problem)
        fill(made, "state", state)
        fill(made, "reasons", reasons)
        fill(made, "warnings", warnings)
        fill(made, "analyte", which.analyte)
        fill(made, "analyte_from", which.source)
        fill(made, "canonical", canonical)
        return made

    def rejected(self, seen: Observation, why: Reason) -> Observation:
        """The observation of a message that is refused as a whole."""
        return replace(seen, state=State.REJECTED, reasons=(why,), canonical=None)

    def _which(self, seen: Observation) -> _Which:
        unit = level_unit(seen.unit_used)
        key = (unit, seen.code, seen.code_system, seen.text, seen.alternatives, seen.specimen, seen.laboratory,
               seen.order_text, seen.value is None)  # fmt: skip
        known = self._known.get(key)
        if known is None:
            if len(self._known) > 20_000:  # a file may hold any number of invented codes
                self._known.clear()
            known = self._known[key] = self._find(seen, share=unit in ("%", "percent"))
        return known

    def _find(self, seen: Observation, *, share: bool) -> _Which:
        told = self.given.codes.get((seen.laboratory, seen.code_system, seen.code))
        if told is not None:
            if told.analyte is None:
                return _Which(None, "laboratory", Reason("not-followed"))
            return _Which(told.analyte, "laboratory")
        codes = [
            code
            for code, system in _codes(seen)
            if system.upper() in ("LN", "LOINC") and _LOINC.fullmatch(code)
        ]
        by_code = {self._names.by_loinc(code) for code in codes}
        texts = [text for text in (seen.text, *(one.text for one in seen.alternatives)) if text]
        if not texts and not codes:
            texts = [code for code, _ in _codes(seen)[:1] if code]
        by_name = {name for text in texts if (name := self._names.exact(text)) is not None}
        elsewhere = self._names.other_specimen(seen.specimen, texts, seen.order_text)
        if codes:
            return self._by_code(by_code, by_name, texts, seen, elsewhere=elsewhere)
        return self._by_name(by_name, texts, seen, elsewhere=elsewhere, share=share)

    def _by_code(
        self,
        by_code: set[str | None],
        by_name: set[str],
        texts: list[str],
        seen: Observation,
        *,
        elsewhere: bool,
    ) -> _Which:
        """A LOINC code leads, but only when the name does not speak against it."""
        coded = {code for code in by_code if code is not None}
        if not coded:
            name = next(iter(by_name)) if len(by_name) == 1 else ""
            if name and not elsewhere and self._measured_as(name, seen):
                return _Which(
                    None, None, Reason("code-not-known", (("code", seen.code), ("name", name))), hold=True
                )
            return _Which(None, None, Reason("not-followed"))
        analyte = next(iter(coded))
        others = (by_name | coded) - {analyte}
        if not others and not by_name:
            others = self._names.spoken_against(analyte, texts) or self._names.of_other_tests(texts)
        if others or elsewhere:
            other = "other-specimen" if elsewhere else min(others)
            why = Reason(
                "code-and-name-disagree",
                (("code", analyte), ("name", other), ("text", texts[0] if texts else "")),
            )
            return _Which(analyte, None, why, hold=True)
        unsure = texts and not by_name and not self._names.speaks_for(analyte, texts)
        return _Which(analyte, "loinc", warning=Reason("name-not-known") if unsure else None)

    def _bare_loinc(self, seen: Observation) -> str | None:
        """The analyte of a LOINC code that does not say it is one: enough to ask, not enough to file."""
        unnamed = not seen.code_system and _LOINC.fullmatch(seen.code)
        return self._names.by_loinc(seen.code) if unnamed else None

    def _measured_as(self, analyte: str, seen: Observation) -> bool:
        """Whether there is a number, in no unit or in one this analyte is measured in."""
        if seen.value is None:
            return False
        known = self.protocol.analytes.by_name[analyte].units
        units = [unit for unit in (seen.unit, seen.unit_other) if unit]
        return not units or any(level_unit(unit) in known for unit in units)

    def _by_name(
        self, by_name: set[str], texts: list[str], seen: Observation, *, elsewhere: bool, share: bool
    ) -> _Which:
        """A laboratory's own code: its name, when that is exactly one analyte's."""
        if elsewhere:
            return _Which(None, None, Reason("other-specimen" if by_name else "not-followed"))
        if len(by_name) > 1:
            one, other = sorted(by_name)[:2]
            return _Which(None, None, Reason("names-disagree", (("one", one), ("other", other))), hold=True)
        if not by_name:
            near = self._names.near(texts) or self._names.exact(seen.code) or self._bare_loinc(seen) or ""
            if not near:
                return _Which(None, None, Reason("not-followed"))
            asked = bool(seen.unit_used) and self._measured_as(near, seen)
            return _Which(None, None, Reason("code-not-mapped", (("near", near),)), hold=asked)
        name = next(iter(by_name))
        if self._means_two(name, texts, seen):
            return _Which(
                None, None, Reason("code-not-mapped", (("near", name),)), hold=seen.value is not None
            )
        if share and "%" not in quantities.units(name, self.protocol):
            return _Which(None, None, Reason("share-not-followed"))
        return _Which(name, "name", warning=Reason("analyte-by-name"))

    def _means_two(self, name: str, texts: list[str], seen: Observation) -> bool:
        """Whether a short name is another test's too, and nothing beside it says which is meant.

        `Fer` is iron in French and ferritin in English; a bare `% saturation` is oxygen's under a blood gas.
        """
        levels = {level_name(text) for text in texts}
        if name == "iron" and levels <= {"fer"}:
            return level_unit(seen.unit_used) not in self._molar
        if name == "transferrin-saturation" and levels <= {"%saturation", "saturation%", "saturation"}:
            spoken = self._names.inside(seen.order_text)
            return bool(seen.order_text) and not spoken & _OF_IRON
        return False

    def _amount(
        self, seen: Observation, which: _Which
    ) -> tuple[quantities.Quantity | None, Reason | None, Reason | None]:
        """(canonical value, why it is held, what is unusual)."""
        analyte = which.analyte or ""
        if seen.status in _GONE:
            return None, None, None
        if seen.value is None:
            return None, _without_number(seen), None
        told = self.given.codes.get((seen.laboratory, seen.code_system, seen.code))
        units = [unit for unit in (seen.unit, seen.unit_other) if unit]
        if not units and told is not None and told.unit:
            units = [told.unit]
        if not units:
            return None, Reason("unit-missing", (("analyte", analyte),)), None
        known: dict[quantities.Quantity, str] = {}
        for unit in units:
            with suppress(quantities.UnknownUnitError):
                known.setdefault(quantities.quantity(analyte, seen.value, unit, self.protocol), unit)
        if not known:
            return None, Reason("unit-unknown", (("analyte", analyte), ("unit", units[0]))), None
        if len(known) > 1 or self._contradicted(analyte, units):
            return None, Reason("units-disagree", (("one", units[0]), ("other", units[1]))), None
        found, unit = next(iter(known.items()))
        if seen.unit_used not in ("", unit):
            object.__setattr__(seen, "unit_understood", unit)
        if seen.comparator not in _COMPARATORS:
            return found, Reason("comparator-unusual", (("comparator", str(seen.comparator)),)), None
        return found, *self._believed(analyte, seen, found, unit)

    def _contradicted(self, analyte: str, units: list[str]) -> bool:
        """Whether one of two units is none of this analyte's but of another's; mere words beside a unit say nothing."""
        own = self.protocol.analytes.by_name[analyte].units
        return len(units) > 1 and any(
            level in self._all_units and level not in own for level in map(level_unit, units)
        )

    def _believed(
        self, analyte: str, seen: Observation, found: quantities.Quantity, unit: str
    ) -> tuple[Reason | None, Reason | None]:
        """Whether the value can be true; a comparator says that the true value lies beyond the number."""
        level = quantities.plausibility(analyte, found.value, self.protocol, found.unit)
        if level.level is quantities.Level.OK or seen.value is None:
            return None, None
        told = (("analyte", analyte), ("value", f"{seen.value}"), ("unit", unit))
        if level.level is quantities.Level.REJECT:
            return Reason("implausible", told), None
        if seen.comparator is not None:
            return None, Reason("unusual", told)
        meant = [
            one
            for one in quantities.suggestions(analyte, seen.value, unit, self.protocol)
            if one.kind == "unit"
        ]
        if meant:
            return Reason("unit-doubtful", (*told, ("meant", meant[0].unit))), None
        return None, Reason("unusual", told)


_LOINC = re.compile(r"\d{1,7}-\d")


def settle(seen: Observation, protocol: Protocol, given: Given = NOTHING_GIVEN) -> Observation:
    """As `Meaning.settle`, for one observation, after the clinic said what a code means."""
    return Meaning(protocol, given).settle(seen)


def _codes(seen: Observation) -> list[tuple[str, str]]:
    return [(seen.code, seen.code_system), *((one.code, one.system) for one in seen.alternatives)]


def _without_number(seen: Observation) -> Reason | None:
    """A text in the place of a number: kept as text, held when a number may be meant by it."""
    if not seen.value_text:
        return Reason("corrected-to-nothing") if seen.status == "corrected" else None
    if len(seen.value_text) > _LONGEST_TEXT:
        return Reason("text-too-long", (("sent", seen.value_text[:60]),))
    if has_digit(seen.value_text) and (seen.value_type in _NUMERIC or len(seen.value_text) <= 20):
        return Reason("number-unclear", (("sent", seen.value_text[:60]),))
    return None


def _state(seen: Observation, which: _Which, problem: Reason | None) -> tuple[State, tuple[Reason, ...]]:
    """What a person must settle comes first, then what is not followed, then what is doubtful about the value."""
    codes = {fault.code for fault in seen.faults}
    if "not-laboratory" in codes and "patient-not-in-file" not in codes and which.analyte is None:
        return State.IGNORED, (Reason("not-laboratory"),)
    holding = tuple(fault for fault in seen.faults if fault.code in HOLDING)
    if holding:
        more = tuple(reason for reason in (which.reason if which.hold else None, problem) if reason)
        return State.HELD, (*holding, *more)
    passing = tuple(fault for fault in seen.faults if fault.code in PASSING_OVER)
    if passing and not (which.analyte and passing[0].code == "not-laboratory"):
        return State.IGNORED, passing
    if which.hold and which.reason:
        return State.HELD, (which.reason,)
    if which.analyte is None:
        return State.IGNORED, (which.reason or Reason("not-followed"),)
    if problem is not None:
        return State.HELD, (problem,)
    empty = seen.value is None and not seen.value_text and seen.status not in _GONE
    return (State.IGNORED, (Reason("no-value"),)) if empty else (State.PARSED, ())
