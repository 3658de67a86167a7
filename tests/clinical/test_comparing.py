"""A second protocol is asked only where it could answer otherwise, and then nothing is missed."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from random import Random
from types import MappingProxyType

import pytest
from case_tables import read_tables

from benchmarks.courses import invented_courses
from clinical.assessment import assess
from clinical.comparing import Comparing
from clinical.facts import LabResult
from clinical.outcome import Assessment, Profile
from clinical.protocol import Protocol, ProtocolError, load_protocol
from clinical.protocol.watched import BY_NAME, NAMES, WHOLE, Bell, watched

LIVE = load_protocol()
CASES = [case.facts for case in read_tables()][::7] + list(invented_courses(120, seed=29))
AT_ONCE = ("profile", "dose", "window", "response", "outcome", "contributing", "urgency", "missing", "next_steps",
           "blocked", "index_date", "index_day", "balance")  # fmt: skip
"""What is worked out at once, whether or not anybody reads it."""


def of(found: Assessment) -> tuple[object, ...]:
    """An answer, without what it is called and what it explains when it is read."""
    return tuple(getattr(found, name) for name in AT_ONCE)


def with_numbers(protocol: Protocol, random: Random, names: list[str]) -> Protocol:
    """The protocol with these numbers moved, some by little and some by much."""
    numbers = dict(protocol.numbers)
    for name in names:
        moved = numbers[name].value * random.choice(
            (Decimal("0.5"), Decimal("0.9"), Decimal("1.1"), Decimal(2))
        )
        numbers[name] = replace(numbers[name], value=moved + random.choice((0, 1)))
    return replace(protocol, version="draft", numbers=MappingProxyType(numbers))


def with_another_profile(protocol: Protocol, random: Random) -> Protocol:
    """The protocol with another target for one profile."""
    profile = random.choice(list(Profile))
    row = protocol.profiles[profile]
    target = replace(row.target_ferritin, value=row.target_ferritin.value + random.choice((-20, 40)))
    changed = {**protocol.profiles, profile: replace(row, target_ferritin=target)}
    return replace(protocol, version="draft", profiles=MappingProxyType(changed))


def with_another_dose(protocol: Protocol, random: Random) -> Protocol:
    """The protocol with one number of the dose tables changed."""
    rules = protocol.dose_tables
    name = random.choice(list(rules.numbers))
    changed = {**rules.numbers, name: replace(rules.numbers[name], value=rules.numbers[name].value * 2)}
    return replace(protocol, version="draft", dose_tables=replace(rules, numbers=changed))


def with_another_product(protocol: Protocol, random: Random) -> Protocol:
    """The protocol with a product that weighs differently."""
    product = random.choice(list(protocol.products))
    row = protocol.products[product]
    changed = {
        **protocol.products,
        product: replace(row, contraindications=replace(row.contraindications, codes=())),
    }
    return replace(protocol, version="draft", products=MappingProxyType(changed))


def drafts(random: Random) -> list[Protocol]:
    """Each number on its own, many at once, and every other part a clinic may change."""
    names = list(LIVE.numbers)
    found = [with_numbers(LIVE, random, [name]) for name in names]
    found += [with_numbers(LIVE, random, random.sample(names, random.choice((2, 5, 20)))) for _ in range(20)]
    for make in (with_another_profile, with_another_dose, with_another_product):
        found += [make(LIVE, random) for _ in range(6)]
    return found


def test_both_answers_are_those_of_two_whole_assessments() -> None:
    random, met = Random(41), Counter[str]()
    alone = {number: of(assess(facts, LIVE)) for number, facts in enumerate(CASES)}
    for draft in drafts(random):
        comparing = Comparing(LIVE, draft)
        for number in random.sample(range(len(CASES)), 12):
            facts = CASES[number]
            says, other = comparing.ask(facts)
            assert of(says) == alone[number]
            whole = of(assess(facts, draft))
            assert of(says if other is None else other) == whole
            met["asked" if other is not None else "left out"] += 1
            met["another answer"] += whole != alone[number]
    assert all(met[kind] > 50 for kind in ("asked", "left out", "another answer")), met


def test_an_answer_of_the_watched_protocol_has_every_field_of_the_plain_one() -> None:
    draft = with_numbers(LIVE, Random(3), ["response.ferritin_adequate"])
    protocol = watched(LIVE, draft, Bell())
    for facts in CASES[::5]:
        assert assess(facts, protocol) == assess(facts, LIVE)


def test_protocols_that_say_the_same_ask_once() -> None:
    comparing = Comparing(LIVE, replace(LIVE, version="2", text="the same in other words"))
    assert all(comparing.ask(facts)[1] is None for facts in CASES)


def test_an_iron_saturation_that_may_be_read_otherwise_is_asked_again() -> None:
    day = date(2026, 3, 2)
    facts = next(one for one in CASES if one.as_of > day and one.patient.birth_date is not None)
    iron = [
        LabResult(facts.as_of, name, Decimal(value), "umol/L") for name, value in (("iron", 9), ("tibc", 60))
    ]
    measured = LabResult(facts.as_of, "transferrin-saturation", Decimal(30), "%")
    both = replace(facts, results=(*facts.results, *iron, measured))
    draft = with_numbers(LIVE, Random(1), ["tsat.deficient"])
    assert Comparing(LIVE, draft).ask(both)[1] is not None


def test_every_part_of_a_protocol_is_watched_or_a_name() -> None:
    assert {one.name for one in fields(Protocol)} | {"saturation_limits"} == {*BY_NAME, *WHOLE, *NAMES}


def test_whoever_looks_at_what_differs_is_heard_whichever_way() -> None:
    name, other = "response.ferritin_adequate", "response.adequate_rise"
    bell = Bell()
    values = watched(LIVE, with_numbers(LIVE, Random(2), [name]), bell).values
    assert values[other] == LIVE.values[other]
    assert not bell.rang
    ways = (
        lambda: values[name] == LIVE.values[name], lambda: values.get(name) == LIVE.values[name],
        lambda: name in values, lambda: name in list(values), lambda: len(values) == len(LIVE.values),
        lambda: name in values.keys(), lambda: dict(values.items()) == LIVE.values,  # noqa: SIM118
        lambda: len(list(values.values())) == len(LIVE.values), lambda: values == LIVE.values,
        lambda: {**values} == LIVE.values, lambda: dict(values) == LIVE.values,
    )  # fmt: skip
    for way in ways:
        bell.rang = False
        assert way()
        assert bell.rang
    with pytest.raises(ProtocolError, match="there is no such number"):
        values["no.such"]


def test_a_part_that_differs_is_heard_as_a_whole() -> None:
    bell = Bell()
    protocol = watched(LIVE, with_another_dose(LIVE, Random(2)), bell)
    assert protocol.numbers == LIVE.numbers
    assert not bell.rang
    assert protocol.dose_tables == LIVE.dose_tables
    assert bell.rang
