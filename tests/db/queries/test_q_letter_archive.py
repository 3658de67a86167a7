"""The archive of letters is found by patient, kind, day, number and words; the same on a file and on a server."""

from __future__ import annotations

import hashlib

from running_clinic import RunningClinic, day

from db import operations as ops
from db import queries
from db.queries.letter_archive import search_letters


def write(work: RunningClinic, course_id: int, patient_id: int, kind: str, text: str, on: int) -> str:
    reference = work.ask(queries.source, course_id).next_letter_id
    letter = ops.NewLetter(
        kind, course_id, patient_id, {"name": "x"}, None, b"%PDF", hashlib.sha256(b"%PDF").hexdigest(), 1, "1",
        text, reference,
    )  # fmt: skip
    work.do(ops.issue, letter, on=on)
    return reference


def test_letters_are_found_by_whatever_is_known_of_them(work: RunningClinic) -> None:
    one = work.register(surname="Marsh-Ó Briain")
    two = work.register(surname="Fen")
    first = write(
        work, one.course_id, one.patient_id, "patient-appointment", "Come on Monday. 100% sure_ly", 3
    )
    second = write(work, two.course_id, two.patient_id, "reminder-1", "We would like to see how you are.", 4)
    third = write(work, two.course_id, two.patient_id, "referral", "Thank you for seeing her on Monday.", 5)

    def found(text: str, **kinds: list[str]) -> list[str]:
        return [one.row.reference for one in work.ask(search_letters, text, kinds)]

    assert found("marsh") == found("o'briain") == found("MARSH Monday") == [first]
    assert found("fen") == [third, second], "the newest first"
    assert found("monday") == [third, first]
    assert found("fen monday") == [third]
    assert found(day(4).isoformat()) == found(f"{day(4):%d.%m.%Y}") == found(f"{day(4):%d %b %Y}") == [second]
    assert found(f"fen {day(5):%d.%m.%Y}") == [third]
    assert found(second) == found(second.lower()) == [second]
    assert found("erinnerung", erinnerung=["reminder-1"]) == [second]
    assert found("") == found("  , ") == found("nobody at all") == []
    assert found("100%") == found("sure_ly") == [first], "marks of a pattern mean themselves"
    assert found("see%how") == found("surexly") == []
    [hit] = work.ask(search_letters, second)
    assert (hit.surname, hit.patient_id, hit.row.state) == ("Fen", two.patient_id, "approved")
    assert [one.row.reference for one in work.ask(search_letters, "monday", {}, 1)] == [third]
