"""Many letters in one go on a real clinic: the split, one PDF, the question, and what stays in doubt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from one_clinic import TODAY, Clinic, at, open_page
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from db.operations.letters import AS_ISSUED
from db.operations.patients import PatientDetails, change_details, end_follow_up
from db.queries.batches import batch, open_batches
from db.queries.patients import patient_page
from db.queries.people import Person
from desktop.letters.batch import Prepared, load_rows, prepare
from desktop.letters.drawing import Composed, draw_with_besides
from desktop.letters.filing import file_letters, new_letter, note_output
from desktop.letters.loading import CourseLetters, load_course, load_due
from desktop.letters.page import LettersPage

Grab = Callable[[QWidget, str], Path]


@pytest.fixture
def page(decided: Clinic, qtbot: QtBot) -> LettersPage:
    """The clinic's letters that are due, and all of them composed as one pile."""
    return piled(decided, qtbot)


def piled(decided: Clinic, qtbot: QtBot) -> LettersPage:
    """The page with every letter that is due composed."""
    made = LettersPage(decided.parts)
    open_page(made, qtbot)
    made.show_due()
    decided.settle()
    qtbot.keyClick(made.list, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: made.batch.preview.pages() > 0, timeout=30_000)
    decided.settle()
    return made


def states(clinic: Clinic) -> dict[str, str]:
    rows = clinic.read(patient_page, clinic.patient_id, TODAY).letters
    return {row.kind: row.state for row in rows}


def printer(tmp_path: Path) -> QPrinter:
    made = QPrinter()
    made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    made.setOutputFileName(str(tmp_path / "paper.pdf"))
    return made


def pile_of(count: int) -> str:
    """What the panel says above so many letters."""
    return "1 letter in post order" if count == 1 else f"{count} letters in post order"


def test_a_pile_says_what_is_done_from_the_first_moment(page: LettersPage, decided: Clinic) -> None:
    """Reading the records of many letters takes a while, and there is no count yet."""
    rows = [row for row in decided.read(load_due, TODAY).rows if not row.blocked]
    page.batch.show_rows(rows)
    assert page.batch.about() == "Reading the records"
    decided.settle()
    assert page.batch.title() == pile_of(len(rows))


def test_the_split_is_shown_and_nothing_is_filed(page: LettersPage, decided: Clinic, grab: Grab) -> None:
    due = decided.read(load_due, TODAY).rows
    blocked = [row for row in due if row.blocked]
    assert blocked
    assert page.batch.title() == pile_of(len(due) - len(blocked))
    assert f"{len(blocked)} left out: no address on record {len(blocked)}" in page.batch.about()
    assert states(decided) == {}
    grab(page, "letters-batch")


def tagged_like_its_letters(made: Prepared) -> None:
    """Each letter is a part of the structure, every mark of its pages belongs to an element of it."""
    assert made.paper is not None
    with pikepdf.open(BytesIO(made.paper.pdf)) as document:
        assert document.check_pdf_syntax() == []
        root = document.Root.StructTreeRoot
        parts = list(root.K.K)
        assert [str(part.S) for part in parts] == ["/Part"] * (len(made.letters) + 1)
        assert [str(part.T) for part in parts[:-1]] == [one.drawn.title for one in made.letters]
        owners = root.ParentTree.Nums
        for page in document.pages:
            number = page.obj.get("/StructParents")
            if number is None:
                assert "/Contents" not in page.obj or not page.Contents.read_bytes().strip()
                continue
            marks = [
                int(operands[1].MCID)
                for operands, operator in pikepdf.parse_content_stream(page)
                if str(operator) == "BDC" and "/MCID" in operands[1]
            ]
            found = owners[2 * int(number) + 1]
            assert sorted(marks) == list(range(len(found)))
            for mark, owner in enumerate(found):
                assert any(
                    kid.Pg.objgen == page.obj.objgen and int(kid.MCID) == mark
                    for kid in owner.K
                    if "/MCID" in kid
                )


def test_every_letter_begins_on_an_odd_page_and_the_totals_come_last(decided: Clinic) -> None:
    rows = decided.read(load_due, TODAY).rows
    loaded = decided.read(load_rows, rows, TODAY)
    made = prepare(loaded, decided.parts.user, TODAY, decided.protocol, lambda *_: None)
    assert made.paper is not None
    assert all(page % 2 == 1 for page in made.paper.first_pages)
    tagged_like_its_letters(made)
    pages = PdfReader(BytesIO(made.paper.pdf)).pages
    assert len(pages) > made.paper.pages
    for letter, first in zip(made.letters, made.paper.first_pages, strict=True):
        assert letter.letter_id in pages[first - 1].extract_text()
    totals = pages[made.paper.pages].extract_text()
    assert "Totals of the letters in this pile" in totals
    assert "no address on record" in totals
    assert "Whitfield" not in totals
    again = prepare(loaded, decided.parts.user, TODAY, decided.protocol, lambda *_: None)
    assert again.paper is not None
    assert again.paper.pdf == made.paper.pdf


def test_after_printing_it_asks_and_every_letter_is_recorded(
    page: LettersPage, decided: Clinic, tmp_path: Path, grab: Grab
) -> None:
    page.batch.print_on(printer(tmp_path))
    decided.settle()
    assert (tmp_path / "paper.pdf").exists()
    assert set(states(decided).values()) == {"approved"}
    assert page.batch.title() == "Did all letters come out?"
    grab(page, "letters-batch-question")
    page.batch.all_came_out()
    decided.settle()
    assert set(states(decided).values()) == {"printed"}
    assert decided.read(open_batches) == ()
    assert decided.said[-1].endswith("letters recorded as printed")


def test_a_pile_that_is_not_printed_stays_in_doubt_and_says_why(
    page: LettersPage, decided: Clinic, tmp_path: Path
) -> None:
    page.batch.print_on(printer(tmp_path / "gone"))
    decided.settle()
    assert set(states(decided).values()) == {"approved"}
    assert page.batch.title() == "Did all letters come out?"
    assert page.batch._bar._reason.text().startswith("Filed, but not printed: ")


def test_good_up_to_a_page_leaves_the_rest_in_doubt_for_the_next_day(
    decided: Clinic, tmp_path: Path, qtbot: QtBot
) -> None:
    seen = decided.page().banner.version
    details = PatientDetails(
        "Whitfield", "Clare", date(1981, 6, 10), "female", (("clinic-number", "R-004182"),),
        address_lines=("4 Mill Lane", "Northgate"),
    )  # fmt: skip
    decided.write(change_details, decided.patient_id, details, seen, at(TODAY))
    page = piled(decided, qtbot)
    page.batch.print_on(printer(tmp_path))
    decided.settle()
    size = len(states(decided))
    assert size > 1
    page.batch.last_good.setText("999")
    page.batch.good_up_to()
    assert set(states(decided).values()) == {"approved"}
    page.batch.last_good.setText("2")
    page.batch.good_up_to()
    decided.settle()
    assert sorted(states(decided).values()) == ["approved"] * (size - 1) + ["printed"]
    page.batch.leave()
    decided.settle()
    [row] = decided.read(open_batches)
    assert row.pending == size - 1
    assert page.list.row(page.list.ids()[0]).step == "did they come out?"  # type: ignore[union-attr]
    decided.settle()
    page.batch.none_came_out()
    decided.settle()
    assert [item.outcome for item in decided.read(batch, row.batch_id).items].count("failed") == size - 1
    page.batch.leave()
    decided.settle()
    due = decided.read(load_due, TODAY)
    assert due.rows == ()
    assert len(due.waiting) == size - 1
    waiting = [page.list.row(number) for number in page.list.ids()]
    assert [row.why for row in waiting if row is not None] == ["filed, and did not come out"] * (size - 1)
    page.start_batch()
    qtbot.waitUntil(lambda: page.batch.preview.pages() > 0, timeout=30_000)
    assert page.batch.title() == pile_of(size - 1)
    page.batch.print_on(printer(tmp_path))
    decided.settle()
    page.batch.all_came_out()
    decided.settle()
    assert set(states(decided).values()) == {"printed"}
    assert decided.read(load_due, TODAY).waiting == ()


def test_one_pdf_in_a_folder_needs_no_question(page: LettersPage, decided: Clinic, tmp_path: Path) -> None:
    folder = tmp_path / "post"
    folder.mkdir()
    page.batch.folder.field.setText(str(folder))
    shown = page.batch.preview.content()
    page.batch.save_all()
    decided.settle()
    assert [path.read_bytes() for path in folder.iterdir()] == [shown]
    assert set(states(decided).values()) == {"printed"}
    assert decided.read(open_batches) == ()


def test_somebody_who_died_while_it_was_on_show_stops_the_batch(page: LettersPage, decided: Clinic) -> None:
    decided.write(end_follow_up, decided.patient_id, "deceased", TODAY, None, at(TODAY))
    page.batch.print_on(QPrinter())
    decided.settle()
    assert states(decided) == {}
    assert decided.read(open_batches) == ()


def test_the_gp_gets_a_copy_with_their_own_address_in_the_window(decided: Clinic) -> None:
    rows = [
        replace(row, blocked=None)
        for row in decided.read(load_due, TODAY).rows
        if row.kind == "patient-results"
    ]
    loaded = decided.read(load_rows, rows, TODAY)
    [(row, found)] = loaded.rows
    assert isinstance(found, CourseLetters)
    gp = Person(7, "Dr Rowan Tate", "GP", None, ("8 Market Row", "Northgate"))
    with_gp = replace(loaded, rows=((row, replace(found, source=replace(found.source, gp=gp))),))
    made = prepare(with_gp, decided.parts.user, TODAY, decided.protocol, lambda *_: None)
    own, copy = sorted(made.letters, key=lambda one: one.letter_id)
    assert own.letter_id != copy.letter_id
    assert copy.recipient["name"] == "Dr Rowan Tate"
    assert copy.recipient["copy"] is True
    assert "Copy for information" in copy.drawn.text
    assert "8 Market Row" in copy.drawn.text
    assert "8 Market Row" not in own.drawn.text
    same = [text.split("Your blood test results", 1)[1] for text in (own.drawn.text, copy.drawn.text)]
    assert same[0] == same[1], "a copy says what the letter says"


def test_a_letter_printed_alone_goes_out_with_the_copy_it_names(decided: Clinic) -> None:
    [row] = [row for row in decided.read(load_due, TODAY).rows if row.kind == "patient-results"]
    found = decided.read(load_course, decided.course_id, TODAY)
    offer = next(one for one in found.offers if one.kind == row.kind)
    gp = Person(7, "Dr Rowan Tate", "GP", None, ("8 Market Row", "Northgate"))
    source = replace(found.source_of(offer), gp=gp)
    made = draw_with_besides(offer, source, decided.parts.user, TODAY, decided.protocol)
    assert isinstance(made, Composed)
    [copy] = made.besides
    pages = [page.extract_text() for page in PdfReader(BytesIO(made.paper)).pages]
    begins = made.drawn.pages + made.drawn.pages % 2
    assert "8 Market Row" in pages[begins]
    assert len(pages) == begins + copy.drawn.pages + copy.drawn.pages % 2
    letters = tuple(new_letter(one) for one in made.letters)
    filed = decided.write(file_letters, letters, at(TODAY))
    copies = tuple(one.letter_id for one in letters[1:])
    decided.write(note_output, filed.created_id, "printed", at(TODAY), AS_ISSUED, copies)
    kept = decided.read(patient_page, decided.patient_id, TODAY).letters
    assert {(one.reference, one.state) for one in kept} == {(one.letter_id, "printed") for one in letters}


def give_address(clinic: Clinic) -> None:
    """Letters can be sent to the patient from now on."""
    details = PatientDetails(
        "Whitfield", "Clare", date(1981, 6, 10), "female", (("clinic-number", "R-004182"),),
        address_lines=("4 Mill Lane", "Northgate"),
    )  # fmt: skip
    seen = clinic.read(patient_page, clinic.patient_id, TODAY).banner.version
    clinic.write(change_details, clinic.patient_id, details, seen, at(TODAY))


def test_letters_asked_for_on_another_page_are_one_pile_and_lead_back(
    one_clinic: Clinic, qtbot: QtBot, tmp_path: Path
) -> None:
    late = one_clinic.parts.clock().today + timedelta(days=60)
    parts = replace(one_clinic.parts, clock=lambda: at(late))
    made = LettersPage(parts)
    open_page(made, qtbot)
    back: list[bool] = []
    parts.navigation.back.connect(lambda: back.append(True))
    made.write_to((one_clinic.course_id,))
    qtbot.waitUntil(lambda: made.batch.title() == "No letter can be printed")
    assert made.batch.left_out() == "Whitfield, Clare: no address on record"
    made.batch.leave()
    assert back == [True]
    give_address(one_clinic)
    made.write_to((one_clinic.course_id,))
    qtbot.waitUntil(lambda: made.batch.preview.pages() > 0, timeout=30_000)
    one_clinic.settle()
    assert made.batch.title() == "1 letter in post order"
    assert made.batch.left_out() == ""
    made.batch.folder.field.setText(str(tmp_path))
    made.batch.save_all()
    qtbot.waitUntil(lambda: back == [True, True], timeout=30_000)
    one_clinic.settle()
    [pdf] = tmp_path.glob("letters-from-*.pdf")
    assert "blood" in "".join(page.extract_text() for page in PdfReader(pdf).pages)
    [row] = one_clinic.read(patient_page, one_clinic.patient_id, late).letters
    assert (row.kind in ("reminder-1", "reminder-2", "not-reached"), row.state) == (True, "printed")
    made.write_to((one_clinic.course_id,))
    one_clinic.settle()
    qtbot.waitUntil(lambda: made.batch.title() == "No letter can be printed")
    assert made.batch.left_out().endswith("its letter is written already")
