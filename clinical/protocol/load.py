"""Loading a protocol: the bundled files, or one file or folder that replaces them whole.

Every top-level table belongs to one purpose, so several files and one long file mean the same. The bundled
protocol is also the list of names: another protocol must have every number of it, in the same unit, and
no other.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from clinical.facts import Product
from clinical.outcome import Profile, Urgency
from clinical.protocol.analytes import Analytes, parse_analytes
from clinical.protocol.choices import Choice, parse_choices
from clinical.protocol.conversions import Conversions
from clinical.protocol.dose_tables import DoseRules, parse_dose_tables
from clinical.protocol.panel import Panel, parse_panel
from clinical.protocol.products import ProductFacts, parse_products
from clinical.protocol.profiles import ProfileTargets, parse_profiles
from clinical.protocol.supportive import (
    AnaemiaLabels,
    Obstetric,
    RiseModel,
    Site,
    check_altitude,
    parse_anaemia_labels,
    parse_rise_model,
    parse_site,
)
from clinical.protocol.tables import Number, ProtocolError, Table
from clinical.protocol.work_up import WorkUpList, parse_work_up

_T = TypeVar("_T")

BUNDLED = Path(__file__).parent

NUMBER_TABLES = frozenset(
    {
        "anaemia",
        "ages",
        "pregnancy",
        "iron_model",
        "response",
        "dose",
        "loss",
        "inflammation",
        "tsat",
        "stop",
        "overload",
        "status",
        "red_flags",
        "other_cause",
        "functional",
        "kidney",
        "phosphate",
        "schedule",
        "windows",
        "baseline",
        "index",
        "chase",
        "conflicts",
        "due",
        "follow_up",
        "review_days",
    }
)
"""Top-level tables that hold nothing but numbers."""

SATURATION_LIMITS = (
    "tsat.deficient",
    "tsat.severe",
    "tsat.high_with_low_hb",
    "stop.tsat_hard_ckd",
    "stop.tsat_hard",
)
"""Numbers a transferrin saturation is held against, besides those of the trigger rows."""

TYPED_TABLES = frozenset(
    {"protocol", "profiles", "work_up", "products", "analytes", "dose_tables", "panel", "choices"}
)

SUPPORTIVE_TABLES = frozenset({"site", "anaemia_label", "expected_rise"})
"""Tables no rule asks for: a protocol may go without them."""

KNOWN_TABLES = NUMBER_TABLES | TYPED_TABLES | SUPPORTIVE_TABLES


class _Named(dict[str, _T]):
    """Values by dotted name; a name that is not there is an error that says which protocol was asked."""

    def __init__(self, label: str, values: Mapping[str, _T]) -> None:
        """`label` names the protocol in the error."""
        super().__init__(values)
        self._label = label

    def __missing__(self, name: str) -> _T:
        raise ProtocolError(f"protocol {self._label}: {name}: there is no such number")


@dataclass(frozen=True)
class Protocol:
    """Every clinical number and list an assessment uses, with its source. Never changes once loaded.

    What the rules ask for again and again is laid out once, when the protocol is made: `values` as
    `Decimal`, `wholes` as int, `spans` as so many days and `sources`, each by the dotted name of its
    number; `conversions` for results; `label`, id and version in one text as every assessment bears it.
    """

    id: str
    version: str
    signed: bool
    numbers: Mapping[str, Number] = field(repr=False)
    profiles: Mapping[Profile, ProfileTargets] = field(repr=False)
    products: Mapping[Product, ProductFacts] = field(repr=False)
    analytes: Analytes = field(repr=False)
    dose_tables: DoseRules = field(repr=False)
    work_up: Mapping[str, WorkUpList] = field(repr=False)
    review_days: Mapping[Urgency, int] = field(repr=False)
    panel: Panel = field(repr=False)
    choices: tuple[Choice, ...] = field(repr=False)
    text: str = field(repr=False)
    site: Site = field(default_factory=Site, repr=False)
    anaemia_label: AnaemiaLabels | None = field(default=None, repr=False)
    expected_rise: RiseModel | None = field(default=None, repr=False)
    label: str = field(init=False)
    values: dict[str, Decimal] = field(init=False, repr=False, compare=False)
    wholes: dict[str, int] = field(init=False, repr=False, compare=False)
    spans: dict[str, timedelta] = field(init=False, repr=False, compare=False)
    sources: dict[str, str] = field(init=False, repr=False, compare=False)
    conversions: Conversions = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Lay out what the rules ask for by name."""
        label = f"{self.id} {self.version}"
        values = {name: number.value for name, number in self.numbers.items()}
        wholes = {name: int(value) for name, value in values.items()}
        spans = {name: timedelta(days=days) for name, days in wholes.items()}
        sources = {name: number.source for name, number in self.numbers.items()}
        for name, table in (("values", values), ("wholes", wholes), ("spans", spans), ("sources", sources)):
            object.__setattr__(self, name, _Named(label, table))
        object.__setattr__(self, "label", label)
        object.__setattr__(self, "conversions", Conversions(self.analytes))

    @cached_property
    def saturation_limits(self) -> tuple[Decimal, ...]:
        """Every limit some rule holds a transferrin saturation against, in order."""
        limits = {self.values[name] for name in SATURATION_LIMITS}
        for profile in self.profiles.values():
            for row in profile.trigger:
                limits |= {limit.value for limit in row.tests if limit.analyte == "transferrin-saturation"}
        return tuple(sorted(limits))

    def number(self, name: str) -> Decimal:
        """The value of a number by its dotted name; `ProtocolError` when there is none of that name."""
        return self.values[name]

    def whole(self, name: str) -> int:
        """A number of days, weeks or pieces as an int."""
        return self.wholes[name]

    def source(self, name: str) -> str:
        """Where a number comes from."""
        return self.sources[name]


def load_protocol(path: Path | None = None) -> Protocol:
    """The bundled protocol, or the one in `path` (a TOML file or a folder of them), which replaces it whole.

    Raises `ProtocolError` naming file and key for anything missing, unknown, of the wrong type or without
    unit, source or date.
    """
    if path is None:
        return _bundled()
    protocol = _parse(_read(path), str(path))
    _same_numbers(protocol, str(path))
    return protocol


def protocol_from_text(text: str, where: str) -> Protocol:
    """A protocol from its whole text, as it was stored with the assessments made by it.

    `where` names it in errors. `ProtocolError` for a text this program cannot use.
    """
    try:
        values = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise ProtocolError(f"{where}: is not valid TOML: {error}") from None
    protocol = _parse(({key: (value, where) for key, value in values.items()}, text), where)
    _same_numbers(protocol, where)
    return protocol


@cache
def _bundled() -> Protocol:
    return _parse(_read(BUNDLED), "bundled protocol")


def _read(path: Path) -> tuple[dict[str, tuple[object, str]], str]:
    """Every top-level table with the name of its file, and the whole text; a table in two files is an
    error.
    """
    files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    if not files:
        raise ProtocolError(f"{path}: the folder holds no .toml file")
    found: dict[str, tuple[object, str]] = {}
    texts = []
    for file in files:
        values, text = _read_file(file)
        texts.append(text)
        for key, value in values.items():
            if key in found:
                raise ProtocolError(f"{file.name}: {key}: stands in {found[key][1]} too")
            found[key] = (value, file.name)
    return found, "\n".join(texts)


def _read_file(file: Path) -> tuple[dict[str, object], str]:
    try:
        text = file.read_text(encoding="utf-8")
        return tomllib.loads(text, parse_float=Decimal), text
    except FileNotFoundError:
        raise ProtocolError(f"{file}: there is no such file") from None
    except OSError as error:
        raise ProtocolError(f"{file}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise ProtocolError(f"{file.name}: is not a UTF-8 text file") from None
    except tomllib.TOMLDecodeError as error:
        raise ProtocolError(f"{file.name}: is not valid TOML: {error}") from None


def _parse(read: tuple[Mapping[str, tuple[object, str]], str], where: str) -> Protocol:
    found, text = read
    _check_tables(found, where)

    def table(key: str) -> Table:
        value, file = found[key]
        assert isinstance(value, dict)
        return Table(value, file, key)

    head = table("protocol")
    numbers = _numbers(table(key) for key in found if key in NUMBER_TABLES)
    site = parse_site(table("site")) if "site" in found else Site()
    labels = parse_anaemia_labels(table("anaemia_label")) if "anaemia_label" in found else None
    if labels is not None and site.altitude_m is not None:
        check_altitude(site.altitude_m, labels, table("site"))
    if labels is not None and site.obstetric is Obstetric.BSH:
        numbers["anaemia.trimester_3"] = labels.trimester_3_bsh
    protocol = Protocol(
        id=head.text("id"),
        version=head.text("version"),
        signed=head.flag("signed"),
        numbers=MappingProxyType(numbers),
        profiles=MappingProxyType(parse_profiles(table("profiles"))),
        products=parse_products(table("products")),
        analytes=parse_analytes(table("analytes")),
        dose_tables=parse_dose_tables(table("dose_tables")),
        work_up=MappingProxyType(parse_work_up(table("work_up"))),
        review_days=MappingProxyType({u: _days(numbers, f"review_days.{u}", where) for u in Urgency}),
        panel=parse_panel(table("panel")),
        choices=parse_choices(table("choices")),
        text=text,
        site=site,
        anaemia_label=labels,
        expected_rise=parse_rise_model(table("expected_rise")) if "expected_rise" in found else None,
    )
    head.day("valid_from")
    head.done()
    return protocol


def _check_tables(found: Mapping[str, tuple[object, str]], where: str) -> None:
    """Every table is known, is a table, and none is missing."""
    for key, (value, file) in found.items():
        if key not in KNOWN_TABLES:
            raise ProtocolError(f"{file}: {key}: is not a known table")
        if not isinstance(value, dict):
            raise ProtocolError(f"{file}: {key}: must be a table")
    for key in sorted(NUMBER_TABLES | TYPED_TABLES):
        if key not in found:
            raise ProtocolError(f"{where}: {key}: the table is missing")


def _numbers(tables: Iterable[Table]) -> dict[str, Number]:
    numbers: dict[str, Number] = {}
    for table in tables:
        for key, child in table.children():
            numbers[table.name(key)] = child.as_number()
        table.done()
    return numbers


def _days(numbers: Mapping[str, Number], name: str, where: str) -> int:
    if name not in numbers:
        raise ProtocolError(f"{where}: {name}: is missing")
    return int(numbers[name].value)


def _same_numbers(protocol: Protocol, where: str) -> None:
    """Another protocol has every number of the bundled one, those of the dose tables included."""
    bundled = _bundled()
    _same_names(protocol.numbers, bundled.numbers, where)
    given = {f"dose_tables.{name}": number for name, number in protocol.dose_tables.numbers.items()}
    wanted = {f"dose_tables.{name}": number for name, number in bundled.dose_tables.numbers.items()}
    _same_names(given, wanted, where)
    for name in bundled.dose_tables.tables.keys() - protocol.dose_tables.tables.keys():
        raise ProtocolError(f"{where}: dose_tables.tables.{name}: is missing")


def _same_names(given: Mapping[str, Number], wanted: Mapping[str, Number], where: str) -> None:
    for name, number in wanted.items():
        if name not in given:
            raise ProtocolError(f"{where}: {name}: is missing")
        if given[name].unit != number.unit:
            raise ProtocolError(f"{where}: {name}: unit must be {number.unit}, not {given[name].unit}")
    for name in given:
        if name not in wanted:
            raise ProtocolError(f"{where}: {name}: is not a known key")
