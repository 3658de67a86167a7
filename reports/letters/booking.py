"""What the letters about a booked day share: when to come, then place and details at a glance."""

from __future__ import annotations

from reports.blocks import Block, Heading, Pairs, Panel, Text, text_of
from reports.errors import FactsMissingError
from reports.facts import AppointmentFacts, LetterFacts
from reports.letters.common import Voice


def booked(kind: str, facts: LetterFacts) -> AppointmentFacts:
    """The appointment of a letter that cannot do without one."""
    if facts.appointment is None:
        raise FactsMissingError(kind, "the appointment")
    return facts.appointment


def booking_values(voice: Voice, booking: AppointmentFacts) -> dict[str, str | None]:
    """Day, time, place and window of a booking, as sentences say them."""
    return voice.values(
        on=voice.joined(map(voice.weekday, (booking.on, *booking.further))) if booking.on else None,
        time=booking.time or None,
        place=booking.place or None,
        opens=voice.day(booking.opens) if booking.opens else None,
        closes=voice.day(booking.closes) if booking.closes else None,
        tests=voice.joined(voice.inside("name", test) for test in booking.tests) or None,
        dose=voice.figure(booking.dose_mg) if booking.dose_mg is not None else None,
    )


def todo_panel(voice: Voice, booking: AppointmentFacts, kind: str) -> Panel:
    """What the patient needs to do: come on the day or, where none is booked, within the window, or soon after it."""
    wording, values = voice.wording, booking_values(voice, booking)
    booked_keys, other_keys = ("booked", "booked_day"), ("between", "soon")
    keys = [f"appointment.{key}" for key in (booked_keys if booking.on else other_keys)]
    first = next((lines for key in keys if wording.has(key) and (lines := wording.lines(key, values))), None)
    if first is None:
        raise FactsMissingError(kind, "the day of the appointment")
    besides = "appointment.electronic"  # what is said where no form lies in the envelope
    if not voice.facts.clinic.electronic_orders or not wording.has(besides):
        besides = "appointment.always"
    return Panel(wording.line("heading.do", values), (*first, *wording.lines(besides, values)))


def details(voice: Voice, booking: AppointmentFacts) -> list[Block]:
    """Place and whatever else is known about it, one a line; nothing where nothing is known."""
    wording, values = voice.wording, booking_values(voice, booking)
    rows: list[tuple[Text, Text]] = []
    for key, value in (
        ("place", values["place"]),
        ("window", _optional(voice, "appointment.window_days", values)),
        ("dose", _optional(voice, "appointment.dose_words", values)),
        ("product", values["product"]),
        ("tests", values["tests"]),
    ):
        if value and wording.has(f"appointment.{key}"):
            rows.append((wording.line(f"appointment.{key}", {}), text_of(value)))
    return [Heading(wording.line("heading.details", {})), Pairs(tuple(rows))] if rows else []


def _optional(voice: Voice, key: str, values: dict[str, str | None]) -> str | None:
    """A text whose values are all known, else None."""
    if not voice.wording.has(key):
        return None
    return "".join(span.text for line in voice.wording.lines(key, values) for span in line) or None
