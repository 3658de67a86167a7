"""What the protocol says of its sources is worded, and a clinic's own words stand as they were typed."""

from __future__ import annotations

import re

from clinical.protocol import load_protocol
from desktop.wording.sources import WORDED, plain_work, short_source

NAMES_OF_WORKS = re.compile(
    r"[\w-]*[A-Z][\w-]*( and [A-Z]\w+| [A-Z]\w+)*( \d{4})?( and [A-Z]\w+ \d{4})?|MIMS .*"
)
"""Authors, societies and trials with their year: the same in every language."""


def test_every_source_of_the_protocol_is_worded() -> None:
    works = {plain_work(source) for source in re.findall(r'source = "([^"]*)"', load_protocol().text)}
    assert len(works) > 50
    left = {work for work in works - WORDED if not NAMES_OF_WORKS.fullmatch(work)}
    assert not left, sorted(left)


def test_what_a_clinic_wrote_stands_as_typed() -> None:
    assert short_source("Our own audit, 2026") == "Our own audit"
