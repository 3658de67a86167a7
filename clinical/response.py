"""The class of response at a valid window, the best value since the last infusion, and what has been lost
since.

Anaemic before, tried in this order: worse when haemoglobin fell by 10 g/L or more; complete at the cut-off with
ferritin and saturation at target; adequate at the cut-off, or after a rise of 20; partial from a rise of 10; else
none. Under 10 g/L short of the cut-off only the cut-off is adequate, and a rise of 5 is partial. Not anaemic before:
worse after a fall of 10, or of 5 to under the cut-off; complete with stores at target; adequate with ferritin of 30
and doubled; partial with 30 and risen; else none; not assessable without a ferritin. Red cells given in between:
the class is worked out with and without the 10 g/L each may have added, and must be the same both times.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from clinical.outcome import Response
from clinical.person import CutOff
from clinical.protocol import Protocol
from clinical.quick import quick
from clinical.readings import Reading, Readings
from clinical.selection import Selection
from clinical.timeline import Timeline


@quick
@dataclass(frozen=True, slots=True)
class Targets:
    """Lower bounds of the profile: ferritin in ug/L, saturation in %."""

    ferritin: Decimal
    tsat: Decimal


@quick
@dataclass(frozen=True, slots=True)
class Change:
    """Class of response and the figures behind it, haemoglobin in g/L.

    `units` are red-cell units given between baseline and follow-up; `undecided_by_transfusion` says that
    they alone may explain the rise. `anaemic_before` is None when no baseline is known.
    """

    response: Response
    rise: Decimal | None = None
    anaemic_before: bool | None = None
    units: Decimal = Decimal(0)
    undecided_by_transfusion: bool = False


@quick
@dataclass(frozen=True, slots=True)
class Best:
    """Best values after the last infusion and before the follow-up in question; None where there were none."""

    haemoglobin: Reading | None
    ferritin: Reading | None


def stores_at_target(selection: Selection, targets: Targets) -> bool:
    """Ferritin and saturation both known and at target."""
    ferritin, tsat = selection.index.get("ferritin"), selection.index.get("transferrin-saturation")
    if ferritin is None or tsat is None:
        return False
    return ferritin.at_least(targets.ferritin) is True and tsat.at_least(targets.tsat) is True


def change(
    selection: Selection,
    times: Timeline,
    before: CutOff | None,
    now: CutOff | None,
    targets: Targets,
    protocol: Protocol,
) -> Change:
    """Class of response; `before` and `now` are the cut-offs on the days of baseline and follow-up."""
    hb = selection.index_hb
    if hb is None:
        return Change(Response.NOT_ASSESSABLE)
    hb0 = selection.baseline_hb if selection.baseline_hb is not None and selection.baseline_hb.exact else None
    anaemic = None if hb0 is None or before is None else hb0.value < before.anaemic_below
    rise = hb.value - hb0.value if hb0 is not None and hb.exact else None
    if not selection.valid:
        return Change(Response.TOO_EARLY, rise, anaemic)
    if not hb.exact or now is None:
        return Change(Response.NOT_ASSESSABLE, rise, anaemic)
    since = hb0.collected if hb0 is not None else times.first
    assert since is not None
    units = times.units_between(since, hb.collected)
    raw = _class(hb.value, hb0, anaemic, selection, now, targets, protocol)
    if not units:
        return Change(raw, rise, anaemic)
    lift = units * protocol.values["iron_model.hb_per_rbc_unit"]
    reduced = _class(hb.value - lift, hb0, anaemic, selection, now, targets, protocol)
    flat = rise is not None and rise < protocol.values["response.partial_rise"]
    if raw is reduced or (flat and raw in (Response.NONE, Response.WORSE)):
        return Change(raw, rise, anaemic, units)
    return Change(Response.NOT_ASSESSABLE, rise, anaemic, units, undecided_by_transfusion=True)


def _class(
    hb: Decimal,
    hb0: Reading | None,
    anaemic: bool | None,
    selection: Selection,
    now: CutOff,
    targets: Targets,
    protocol: Protocol,
) -> Response:
    full = stores_at_target(selection, targets)
    if hb0 is None:
        return Response.COMPLETE if full and hb >= now.recovered_from else Response.NOT_ASSESSABLE
    rise = hb - hb0.value
    if anaemic:
        return _class_of_anaemic(hb, rise, full, now, protocol)
    if rise <= -protocol.values["response.worse_fall"]:
        return Response.WORSE
    if hb < now.anaemic_below and rise <= -protocol.values["response.noise"]:
        return Response.WORSE
    if full:
        return Response.COMPLETE
    return _class_of_stores(selection, protocol)


def _class_of_anaemic(hb: Decimal, rise: Decimal, full: bool, now: CutOff, protocol: Protocol) -> Response:
    recovered = hb >= now.recovered_from
    if rise <= -protocol.values["response.worse_fall"]:
        return Response.WORSE
    if recovered:
        return Response.COMPLETE if full else Response.ADEQUATE
    if now.recovered_from - (hb - rise) < protocol.values["response.small_deficit"]:
        small = rise >= protocol.values["response.small_deficit_partial_rise"]
        return Response.PARTIAL if small else Response.NONE
    if rise >= protocol.values["response.adequate_rise"]:
        return Response.ADEQUATE
    return Response.PARTIAL if rise >= protocol.values["response.partial_rise"] else Response.NONE


def _class_of_stores(selection: Selection, protocol: Protocol) -> Response:
    """Class of someone who was not anaemic: by ferritin alone."""
    ferritin, before = selection.index.get("ferritin"), selection.baseline.get("ferritin")
    if ferritin is None:
        return Response.NOT_ASSESSABLE
    enough = ferritin.at_least(protocol.values["response.ferritin_adequate"])
    if enough is False:
        return Response.NONE
    if enough is None or before is None or not ferritin.exact:
        return Response.NOT_ASSESSABLE
    doubled = before.value * protocol.values["response.ferritin_adequate_multiple"]
    if before.comparator != ">" and ferritin.value >= doubled:
        return Response.ADEQUATE
    if not before.exact:
        return Response.NOT_ASSESSABLE
    return Response.PARTIAL if ferritin.value > before.value else Response.NONE


def best_since_iron(selection: Selection, readings: Readings, times: Timeline, protocol: Protocol) -> Best:
    """Highest haemoglobin from day 14, and highest ferritin from day 28, before the follow-up values."""
    index = selection.index_hb
    if index is None or times.anchor is None:
        return Best(None, None)
    quiet = protocol.wholes["red_flags.after_transfusion_days"]
    ferritin = selection.index.get("ferritin")
    hb_from = times.anchor + protocol.spans["loss.peak_from_day"]
    ferritin_from = times.anchor + protocol.spans["windows.valid_from_day"]
    highest_hb: Reading | None = None
    for day in reversed(readings.days["haemoglobin"]):
        if day.collected < hb_from:
            break
        hb = day.usable
        if hb is None or day.collected >= index.collected or not hb.exact:
            continue
        if times.soon_after_transfusion(day.collected, quiet):
            continue
        if highest_hb is None or hb.value > highest_hb.value:
            highest_hb = hb
    highest_ferritin: Reading | None = None
    last = ferritin.collected if ferritin is not None else index.collected
    for day in reversed(readings.days.get("ferritin", ())):
        if day.collected < ferritin_from:
            break
        value = day.usable
        if value is None or day.collected >= last:
            continue
        if highest_ferritin is None or value.value > highest_ferritin.value:
            highest_ferritin = value
    return Best(highest_hb, highest_ferritin)


def fall_since_best(selection: Selection, best: Best) -> Decimal | None:
    """g/L lost from the best haemoglobin; None when there was none before, or a figure is only a bound."""
    if best.haemoglobin is None or selection.index_hb is None or not selection.index_hb.exact:
        return None
    return best.haemoglobin.value - selection.index_hb.value
