"""Line ends, frames, batches, delimiters and character sets: the same rows come out of all of them."""

from __future__ import annotations

import pytest
from import_messages import HB, MSH, OBR, PID, codes, message, obx, one, read

from db.imports.records import State

SECOND = message(obx("15"), msh=MSH.replace("M-1", "M-2"), pid=PID.replace("4711", "4712"))


@pytest.mark.parametrize(
    "end", ["\r", "\n", "\r\n", "\n\n", "\r\r\n"], ids=["CR", "LF", "CRLF", "blank", "CR-CRLF"]
)
def test_line_ends_change_nothing(end: str) -> None:
    found = read(message(HB, obx("12"), end=end)).observations
    assert [(row.analyte, str(row.value)) for row in found] == [("haemoglobin", "8.4"), ("ferritin", "12")]


def test_mixed_line_ends_change_nothing() -> None:
    found = read(f"{MSH}\r{PID}\n{OBR}\r\n{HB}\r\n\r\n{obx('12')}\n").observations
    assert [row.analyte for row in found] == ["haemoglobin", "ferritin"]


def test_a_broken_line_continues_the_field_before_it() -> None:
    found = read(message("OBX|1|NM|718-7^Haemo\rglobin^LN||8.4|g/dL|||||F"))
    assert found.observations[0].text == "Haemoglobin"
    assert codes(found.messages[0].warnings) == {"wrapped-line"}


def test_a_line_break_inside_a_text_is_kept() -> None:
    row = one(message("OBX|1|TX|X1^Remark^L||first line\rsecond line|||||F"))
    assert row.value_text == "first line\nsecond line"


@pytest.mark.parametrize(
    "text",
    [
        message() + SECOND,
        f"\x0b{message()}\x1c\r\x0b{SECOND}\x1c\r",
        f"FHS|^~\\&|LAB\rBHS|^~\\&|LAB\r{message()}{SECOND}BTS|2\rFTS|1\r",
    ],
    ids=["several MSH", "MLLP frames", "batch"],
)
def test_every_message_of_a_file_comes_once(text: str) -> None:
    found = read(text)
    assert [m.control_id for m in found.messages] == ["M-1", "M-2"]
    assert [row.patient.ids for row in found.observations if row.patient] == [("4711",), ("4712",)]
    assert not found.warnings


def test_a_batch_that_does_not_add_up_says_so() -> None:
    found = read(f"FHS|^~\\&|LAB\rBHS|^~\\&|LAB\r{message()}BTS|2\rFTS|1\r")
    assert codes(found.warnings) == {"batch-count"}


def test_the_raw_bytes_of_each_message_are_kept() -> None:
    found = read(message() + SECOND)
    assert b"".join(m.raw for m in found.messages) == (message() + SECOND).encode()


@pytest.mark.parametrize("name", ["2.1", "2.2", "2.3", "2.3.1", "2.4", "2.5.1", "2.6", "2.7", "2.8"])
def test_every_version_reads_alike(name: str) -> None:
    assert str(one(message(msh=MSH.replace("|2.5", f"|{name}"))).value) == "8.4"


@pytest.mark.parametrize(
    "kind", ["ORU", "ORU^R01", "ORU^R01^ORU_R01", "ORU^R30", "ORU^R32", "OUL^R22", "OUL^R21", "ORU_R01"]
)
def test_result_messages_by_any_name(kind: str) -> None:
    assert one(message(msh=MSH.replace("ORU^R01", kind))).state is State.PARSED


def test_an_empty_control_number_is_still_a_result() -> None:
    found = read(message(msh=MSH.replace("|M-1|", "||")))
    assert found.messages[0].control_id == ""
    assert found.observations[0].state is State.PARSED


@pytest.mark.parametrize("kind", ["ADT^A01", "ORM^O01", "ACK^R01", "MDM^T02", "SIU^S12", "DFT^P03"])
def test_other_messages_are_named_and_nothing_is_read(kind: str) -> None:
    found = read(message(msh=MSH.replace("ORU^R01", kind)))
    assert found.observations == ()
    assert found.messages[0].state is State.REJECTED
    assert found.messages[0].reasons[0].values == (("kind", kind),)


def test_a_message_without_a_kind_is_held() -> None:
    assert codes(one(message(msh=MSH.replace("ORU^R01", ""))).reasons) == {"kind-unclear"}


def test_a_rejected_message_does_not_stop_the_next() -> None:
    found = read(message(msh=MSH.replace("ORU^R01", "ADT^A08")) + SECOND)
    assert [m.state for m in found.messages] == [State.REJECTED, State.PARSED]
    assert len(found.observations) == 1


def test_other_delimiters_are_obeyed() -> None:
    text = message().replace("&", "\x01").replace("|", "!").replace("^", "%").replace("\x01", "&")
    row = one(text)
    assert (row.code, str(row.value), row.patient and row.patient.family) == ("718-7", "8.4", "Sample")


def test_a_fifth_delimiter_is_accepted() -> None:
    assert one(message(msh=MSH.replace("^~\\&", "^~\\&#"))).state is State.PARSED


@pytest.mark.parametrize("signs", ["^~", "", "^^\\&", "abcd", "^~&\\", "^~\\&#!"])
def test_unclear_delimiters_are_held(signs: str) -> None:
    found = read(message(msh=MSH.replace("^~\\&", signs, 1)))
    assert {row.state for row in found.observations} == {State.HELD}
    assert "delimiters-unclear" in codes(found.observations[0].reasons)


MICRO = message("OBX|1|NM|2276-4^Ferritin^LN||12|µg/L||N|||F", pid=PID.replace("Sample", "Müßig"))


@pytest.mark.parametrize(
    "data",
    [
        MICRO.encode("utf-8"),
        b"\xef\xbb\xbf" + MICRO.encode("utf-8"),
        MICRO.encode("latin-1"),
        MICRO.replace("|2.5", "|2.5||||||8859/1").encode("latin-1"),
        MICRO.replace("|2.5", "|2.5||||||8859/15").encode("iso8859-15"),
        MICRO.replace("|2.5", "|2.5||||||UNICODE UTF-8").encode("latin-1"),
        MICRO.replace("|2.5", "|2.5||||||ASCII").encode("utf-8"),
        MICRO.encode("utf-16"),
        MICRO.encode("utf-16-be"),
        MICRO.replace("ü", "u\u0308").encode("utf-8"),
    ],
    ids=[
        "utf-8",
        "BOM",
        "latin-1",
        "declared",
        "8859-15",
        "declared wrong",
        "ASCII",
        "utf-16",
        "utf-16-be",
        "NFD",
    ],
)
def test_micro_signs_and_umlauts_are_right(data: bytes) -> None:
    row = one(data)
    assert row.patient is not None
    assert (row.patient.family, row.unit, row.state) == ("Müßig", "µg/L", State.PARSED)
    assert row.canonical is not None
    assert row.canonical.unit == "ug/L"


@pytest.mark.parametrize(
    "data",
    [MICRO.encode("cp850"), MICRO.encode("mac-roman"), MICRO.encode("utf-8").decode("latin-1").encode("utf-8"),
     MICRO.replace("ü", "\ufffd").encode("utf-8")],
    ids=["cp850", "mac-roman", "encoded twice", "lost already"],
)  # fmt: skip
def test_what_cannot_be_read_with_certainty_is_held(data: bytes) -> None:
    row = one(data)
    assert row.state is State.HELD
    assert "characters-unclear" in codes(row.reasons)


def test_a_lost_character_in_a_note_holds_nothing_back() -> None:
    text = message(HB) + "NTE|1||5 \ufffdg\r"
    assert one(text).state is State.PARSED


def test_a_batch_without_messages_says_that_there_is_nothing() -> None:
    assert codes(read("FHS|^~\\&|LAB\rBHS|^~\\&|LAB\rBTS|0\rFTS|1\r").reasons) == {"no-observation"}
