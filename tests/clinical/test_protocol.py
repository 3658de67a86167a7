"""The bundled protocol loads whole; every kind of mistake in a protocol file is named with file and key."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from clinical.outcome import Profile, Urgency
from clinical.protocol import ProtocolError, Table, load_protocol

SOURCE = Path(__file__).parents[2] / "clinical"
BUNDLED = SOURCE / "protocol"


def one_file(tmp_path: Path) -> Path:
    """All bundled tables in one file, as a clinic would give them."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(BUNDLED.glob("*.toml"))]
    path = tmp_path / "clinic.toml"
    path.write_text("\n".join(texts), encoding="utf-8")
    return path


def changed(tmp_path: Path, old: str, new: str) -> Path:
    """The protocol in one file with one text replaced."""
    path = one_file(tmp_path)
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_bundled_protocol_has_id_version_and_no_signature() -> None:
    protocol = load_protocol()
    assert protocol.label == "replete 2026-11-proposal"
    assert protocol.signed is False
    assert set(protocol.profiles) == set(Profile)
    assert protocol.review_days == {
        Urgency.EMERGENCY: 0,
        Urgency.URGENT: 0,
        Urgency.SOON: 2,
        Urgency.ROUTINE: 7,
    }


def test_every_number_has_a_unit_a_source_and_a_date() -> None:
    for name, number in load_protocol().numbers.items():
        assert number.unit, name
        assert number.source, name
        assert number.value.is_finite(), name


def test_every_number_named_in_the_rules_exists_and_every_number_is_used() -> None:
    protocol = load_protocol()
    code = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    tables = {name.split(".")[0] for name in protocol.numbers}
    code = re.sub(r"dose_tables\s*\.number\([^)]*\)", "", code)
    named = set(re.findall(rf'"((?:{"|".join(tables)})\.[a-z0-9_]+)"', code))
    assert named <= set(protocol.numbers)
    partly = re.findall(rf'f"((?:{"|".join(tables)})\.)', code)
    unused = {
        name
        for name in protocol.numbers
        if name not in named and not any(name.startswith(prefix) for prefix in partly)
    }
    elsewhere = {name for name in unused if name.split(".")[0] == "chase" or name == "schedule.late_day"}
    assert unused - elsewhere == set()


def test_numbers_are_exact() -> None:
    protocol = load_protocol()
    assert protocol.number("dose.ratio_adequate") == Decimal("0.80")
    assert protocol.number("iron_model.mg_per_kg_per_gl") == Decimal("0.24")
    assert protocol.whole("schedule.target_day") == 35
    assert "KDIGO" in protocol.source("stop.tsat_hard_ckd")


def test_unknown_number_is_an_error_that_names_it() -> None:
    with pytest.raises(ProtocolError, match=r"dose\.ration"):
        load_protocol().number("dose.ration")


def test_one_file_and_a_folder_mean_the_same(tmp_path: Path) -> None:
    assert load_protocol(one_file(tmp_path)).numbers == load_protocol(BUNDLED).numbers
    assert load_protocol().text


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('unit = "ratio", source', "source", "unit"),
        ("adequate_rise = {", "adequate_ryse = {", "adequate_ryse|adequate_rise"),
        ("ratio_adequate = { value = 0.80", 'ratio_adequate = { value = "0.80"', "dose.ratio_adequate.value"),
        ("ratio_adequate = { value = 0.80", "ratio_adequate = { value = true", "dose.ratio_adequate.value"),
        ("ratio_adequate = { value = 0.80", "ratio_adequate = { value = nan", "dose.ratio_adequate.value"),
        ("[dose]", "[doses]", "doses"),
        ("signed = false", 'signed = "no"', "protocol.signed"),
        ('id = "replete"', 'id = ""', "protocol.id"),
        ("target_ferritin = { value = 50,", "target_ferritin = { value = 50, colour = 1,", "colour"),
        ('test = "<", value = 30', 'test = "~", value = 30', "test"),
        ('refer_to = "gynaecology"', 'refer_to = "plumber"', "refer_to"),
        (
            'kind = "referral", refer_to = "gynaecology"',
            'kind = "test", refer_to = "gynaecology"',
            "refer_to",
        ),
        ('kind = "question", urgency', 'kind = "guess", urgency', "kind"),
        ("trigger_is_enough = false", 'trigger_is_enough = "no"', "trigger_is_enough"),
        ('phosphate_products = ["ferric-carboxymaltose"', 'phosphate_products = ["rust"', "rust"),
        ("[panel]", "[panels]", "panel"),
        ("valid_from = 2026-11-01 }", 'valid_from = "2026-11-01" }', "valid_from"),
        ('kind = "test", urgency = "soon"', 'kind = "test", urgency = "now"', "urgency"),
        ("weight_from = [0, 35, 70]", "weight_from = [0, 70, 35]", "weight_from: must rise"),
        ("visit_weeks = [0]", "visit_weeks = []", "visit_weeks: must be a list of numbers"),
        ("weight_from = [0, 50, 70]", "weight_from = [0, nan, 70]", "weight_from: must be a list of finite"),
        ("hard = [15, 250]", "hard = [15]", "hard: must be a lowest and a highest"),
        (
            'spellings = { "T/L" = "10*12/L" }',
            'spellings = { "T/L" = "10*13/L" }',
            "spellings: T/L must lead",
        ),
        ('"ug/L" = ["ng/mL"', '"ug/L" = ["pmol/L", "ng/mL"', "would mean both"),
        ('to = "10*9/L"', 'to = "10*10/L"', "has no plausibility limits"),
        ('default_label = "eu"', "default_label = 5", "default_label"),
        ('choice = "They are one value."', "choice = 5", "choice: must be a text"),
        ("[work_up.base]", "[work_up]\nx = 5\n[work_up.base]", "x: must be a table"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, old: str, new: str, named: str) -> None:
    path = changed(tmp_path, old, new)
    with pytest.raises(ProtocolError, match=named) as raised:
        load_protocol(path)
    assert "clinic.toml" in str(raised.value)


def test_a_number_in_another_unit_is_refused(tmp_path: Path) -> None:
    path = changed(
        tmp_path,
        'ratio_adequate = { value = 0.80, unit = "ratio"',
        'ratio_adequate = { value = 80, unit = "%"',
    )
    with pytest.raises(ProtocolError, match=r"dose\.ratio_adequate: unit must be ratio"):
        load_protocol(path)


def test_a_missing_number_is_named(tmp_path: Path) -> None:
    text = one_file(tmp_path).read_text(encoding="utf-8")
    path = tmp_path / "short.toml"
    path.write_text("\n".join(line for line in text.splitlines() if not line.startswith("ratio_adequate")))
    with pytest.raises(ProtocolError, match=r"dose\.ratio_adequate: is missing"):
        load_protocol(path)


def test_an_added_number_is_named(tmp_path: Path) -> None:
    new = '[dose]\nextra = { value = 1, unit = "mg", source = "here", valid_from = 2026-11-01 }'
    with pytest.raises(ProtocolError, match=r"dose\.extra: is not a known key"):
        load_protocol(changed(tmp_path, "[dose]", new))


def test_missing_file_broken_file_empty_folder_and_double_table(tmp_path: Path) -> None:
    with pytest.raises(ProtocolError, match="there is no such file"):
        load_protocol(tmp_path / "none.toml")
    broken = tmp_path / "broken.toml"
    broken.write_text("[dose\n")
    with pytest.raises(ProtocolError, match="not valid TOML"):
        load_protocol(broken)
    broken.write_bytes(b"\xff\xfe")
    with pytest.raises(ProtocolError, match="not a UTF-8"):
        load_protocol(broken)
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(ProtocolError, match=r"no \.toml file"):
        load_protocol(folder)
    for name in ("a.toml", "b.toml"):
        (folder / name).write_text("[dose]\n")
    with pytest.raises(ProtocolError, match=r"stands in a\.toml too"):
        load_protocol(folder)


def test_a_table_that_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "flat.toml"
    path.write_text("dose = 5\n")
    with pytest.raises(ProtocolError, match="must be a table"):
        load_protocol(path)


def test_table_reader_refuses_the_wrong_type() -> None:
    table = Table({"list": [1], "text": 5, "number": "5", "day": "x"}, "file.toml")
    for read in (table.texts, table.tables):
        with pytest.raises(ProtocolError, match="list"):
            read("list")
    with pytest.raises(ProtocolError, match="text"):
        table.text("text")
    with pytest.raises(ProtocolError, match="number"):
        table.plain("number")
    with pytest.raises(ProtocolError, match="day"):
        table.day("day")


def test_a_table_left_out_and_a_folder_in_place_of_a_file_are_named(tmp_path: Path) -> None:
    text = one_file(tmp_path).read_text(encoding="utf-8")
    path = tmp_path / "short.toml"
    start, end = text.index("[panel]"), text.index("source", text.index("[panel]"))
    path.write_text(text[:start] + text[text.index("\n", text.index("valid_from", end)) :], encoding="utf-8")
    with pytest.raises(ProtocolError, match="panel: the table is missing"):
        load_protocol(path)
    folder = tmp_path / "folder"
    (folder / "dose.toml").mkdir(parents=True)
    with pytest.raises(ProtocolError, match="cannot be read"):
        load_protocol(folder)


def test_a_review_day_left_out_is_named(tmp_path: Path) -> None:
    text = one_file(tmp_path).read_text(encoding="utf-8")
    path = tmp_path / "short.toml"
    path.write_text("\n".join(line for line in text.splitlines() if not line.startswith("routine = ")))
    with pytest.raises(ProtocolError, match=r"review_days\.routine: is missing"):
        load_protocol(path)


def test_an_analyte_may_have_no_code(tmp_path: Path) -> None:
    assert not load_protocol(changed(tmp_path, "loinc = []\n", "")).analytes.by_name["hepcidin"].loinc
