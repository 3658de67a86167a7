"""Processes that draw letters: one that is ended holds up nobody, wherever it was."""

from __future__ import annotations

import multiprocessing
import os
import struct
import sys

import pytest

from reports.errors import PaperError
from reports.together import Press, _Task


@pytest.mark.skipif(
    sys.platform == "win32", reason="a line there is no plain stream of bytes that a test can cut"
)
def test_a_process_that_is_ended_in_the_middle_of_its_answer_is_not_waited_for() -> None:
    press, (here, there) = Press(2), multiprocessing.get_context("spawn").Pipe()
    task = _Task(PaperError("under way"))
    press._busy[here] = task
    os.write(there.fileno(), struct.pack("!i", 90_000) + b"the first of ninety thousand bytes")
    there.close()
    press._collect()
    assert task.found is None
    assert not press._busy
    assert not press._idle
    assert here.closed


def test_a_process_that_was_ended_before_its_letter_came_is_let_go_of() -> None:
    press, (here, there) = Press(2), multiprocessing.get_context("spawn").Pipe()
    press._idle.append(here)
    there.close()
    reasons = [PaperError("no address"), PaperError("no letters")]
    assert list(press.draw(reasons)) == reasons


def test_without_a_process_the_reasons_come_in_their_order() -> None:
    reasons = [PaperError(str(number)) for number in range(9)]
    with Press(1) as press:
        assert list(press.draw(reasons)) == reasons
