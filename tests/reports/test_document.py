"""The page itself: fonts, structure, window, escaping, glyphs, and what happens to names and addresses."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import letter_examples as example
import pikepdf
import pytest
from pdf_words import words_of
from pypdf import PdfReader

from reports import AddressError, GlyphError, render
from reports.facts import Clinic, Envelope, LetterFacts, Paper, Recipient
from reports.page import MM, SHEETS, WINDOWS

LARGE = replace(example.FACTS, recipient=replace(example.TO_PATIENT, large_print=True))
US = replace(example.FACTS, clinic=replace(example.CLINIC, paper=Paper.LETTER))
DEMO = replace(example.FACTS, clinic=replace(example.CLINIC, demo=True))
LARGE_REFERRAL = replace(example.REFERRAL, recipient=replace(example.TO_SPECIALIST, large_print=True))
INDIC = replace(
    example.FACTS,
    patient=replace(example.PATIENT, given="लक्ष्मी", surname="त्रिपाठी"),
    recipient=replace(example.TO_PATIENT, name="लक्ष्मी त्रिपाठी", salutation="लक्ष्मी"),
)
FORMS: dict[str, tuple[str, LetterFacts]] = {
    "a4": ("patient-results", example.FACTS),
    "us letter": ("patient-results", US),
    "large print": ("patient-results", LARGE),
    "referral": ("referral", example.REFERRAL),
    "large referral": (
        "referral",
        replace(example.REFERRAL, recipient=replace(example.TO_SPECIALIST, large_print=True)),
    ),
    "demo": ("patient-results", DEMO),
    "devanagari": ("patient-results", INDIC),
}


def placed_lines(pdf: bytes, page: int = 0) -> list[tuple[float, float, str]]:
    """Text of a page with its place: x from the left and y from the top, in mm."""
    found: list[tuple[float, float, str]] = []
    sheet = PdfReader(BytesIO(pdf)).pages[page]
    height = float(sheet.mediabox.height)

    def visit(text: str, matrix: Any, text_matrix: Any, _font: Any, _size: Any) -> None:
        if text.strip():
            x = matrix[0] * text_matrix[4] + matrix[4]
            y = matrix[3] * text_matrix[5] + matrix[5]
            found.append((x / MM, (height - y) / MM, text.strip()))

    sheet.extract_text(visitor_text=visit)
    return found


@pytest.mark.parametrize("name", FORMS)
def test_every_font_is_embedded(name: str) -> None:
    kind, facts = FORMS[name]
    with pikepdf.open(BytesIO(render(kind, facts).pdf)) as document:
        for page in document.pages:
            used = {
                str(operands[0])
                for operands, operator in pikepdf.parse_content_stream(page)
                if str(operator) == "Tf"
            }
            fonts = page.obj.Resources.Font
            assert used <= set(fonts.keys())
            assert used
            for font in fonts.values():
                assert "/FontFile2" in font.FontDescriptor
                assert "+NotoSans" in str(font.BaseFont)


@pytest.mark.parametrize("name", FORMS)
def test_structure_title_and_language(name: str) -> None:
    kind, facts = FORMS[name]
    letter = render(kind, facts)
    with pikepdf.open(BytesIO(letter.pdf)) as document:
        assert str(document.Root.Lang) == "en"
        assert str(document.docinfo.Title) == letter.title
        assert bool(document.Root.MarkInfo.Marked)
        assert bool(document.Root.ViewerPreferences.DisplayDocTitle)
        roles = list(_roles(document.Root.StructTreeRoot.K))
        assert roles[0] == "/Document"
        assert roles.count("/H1") == 1
        assert {"/H2", "/P", "/L", "/LI"} <= set(roles)
        if name in ("a4", "referral"):
            assert {"/Table", "/TR", "/TH", "/TD"} <= set(roles)
        assert ("/Figure" in roles) == (kind == "referral")
        for number, page in enumerate(document.pages):
            _all_content_is_marked(page)
            marks = document.Root.StructTreeRoot.ParentTree.Nums[2 * number + 1]
            assert len(marks) == len(_mark_numbers(page))


def _roles(element: Any) -> Any:
    yield str(element.S)
    for kid in element.K:
        if "/S" in kid:
            yield from _roles(kid)


def _mark_numbers(page: Any) -> list[int]:
    return [
        int(operands[1].MCID)
        for operands, operator in pikepdf.parse_content_stream(page)
        if str(operator) == "BDC" and "/MCID" in operands[1]
    ]


def _all_content_is_marked(page: Any) -> None:
    """Every shown text lies between marks, and marks are closed."""
    depth = 0
    for _operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "BDC" | "BMC":
                depth += 1
            case "EMC":
                depth -= 1
            case "Tj" | "TJ" | "re" | "S" | "f":
                assert depth > 0
    assert depth == 0


@pytest.mark.skipif(shutil.which("qpdf") is None, reason="qpdf is not installed here")
@pytest.mark.parametrize("name", FORMS)
def test_qpdf_finds_no_fault(name: str, tmp_path: Path) -> None:
    kind, facts = FORMS[name]
    path = tmp_path / "letter.pdf"
    path.write_bytes(render(kind, facts).pdf)
    done = subprocess.run(["qpdf", "--check", str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_large_print_has_no_small_letters() -> None:
    with pikepdf.open(BytesIO(render("patient-results", LARGE).pdf)) as document:
        sizes = [
            float(operands[1])
            for page in document.pages
            for operands, operator in pikepdf.parse_content_stream(page)
            if str(operator) == "Tf" and str(operands[0]).count("+")
        ]
    assert min(sizes) >= 11
    assert sorted(sizes)[1] >= 18


ADDRESSES = (
    ("Ms Adaeze Okafor", ("Flat 3, 41 Lantern Hill", "Alderport", "AP2 7DD")),
    ("Mr Jo Li", ("1 A St", "B1 1AA")),
    (
        "Professor Dame Maximiliana Featherstonehaugh-Wolstenholme-Ramanathan",
        (
            "The Old Granary, Lower Quay Cottages",
            "St-Mary-under-the-Hill",
            "Alderport",
            "Northshire",
            "AP19 7QQ",
        ),
    ),
    (
        "Frau Jürgensen-Öztürk",
        ("c/o Müßig", "Übergröße-Straße 117 b", "Hinterhaus, 3. OG links", "09999 Großöd"),
    ),
    ("Lê Thị Hồng Ánh", ("12/4 Nguyễn Huệ", "Alderport", "AP1 1AA", "United Kingdom")),
    ("Κωνσταντίνος Παπαδόπουλος", ("12 Quay Street", "Alderport", "AP4 2QS")),
)


@pytest.mark.parametrize("envelope", list(Envelope))
@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("large", [False, True])
def test_only_the_address_shows_in_the_window(
    envelope: Envelope, address: tuple[str, tuple[str, ...]], large: bool
) -> None:
    paper = Paper.LETTER if envelope is Envelope.US_10 else Paper.A4
    clinic = replace(example.CLINIC, paper=paper, envelope=envelope)
    name, lines = address
    recipient = replace(example.TO_PATIENT, name=name, address_lines=lines, large_print=large)
    window = WINDOWS[envelope]
    letter = render("patient-results", replace(example.FACTS, clinic=clinic, recipient=recipient))
    shown = ""
    for x, y, text in placed_lines(letter.pdf):
        in_clear = (
            window.clear_left <= x <= window.clear_right and window.clear_top <= y <= window.clear_bottom
        )
        if in_clear:
            shown += text
            assert window.left - 0.01 <= x <= window.right
            assert window.top <= y <= window.bottom
    wanted = "".join((name, *lines)).replace(" ", "")
    assert shown.replace(" ", "").replace("\n", "").replace(",", "") == wanted.replace(",", "")


def test_a_long_letterhead_stays_above_the_window() -> None:
    clinic = replace(
        example.CLINIC,
        name="Riverside and Northshire University Hospitals Joint Intravenous Iron and Anaemia Treatment Centre",
        address_lines=tuple(f"Line {number} of a long address of the clinic" for number in range(6)),
    )
    letter = render("patient-results", replace(example.FACTS, clinic=clinic))
    lowest = max(y for _x, y, text in placed_lines(letter.pdf) if "Line" in text or "Treatment" in text)
    assert lowest < 43
    with pytest.raises(AddressError, match="too long for the head"):
        render("patient-results", replace(example.FACTS, clinic=replace(clinic, name="Long name " * 90)))


def test_right_edge_of_the_window() -> None:
    recipient = replace(example.TO_PATIENT, name="W" * 60)
    letter = render("patient-results", replace(example.FACTS, recipient=recipient))
    lines = [text for x, y, text in placed_lines(letter.pdf) if "WW" in text and 57 <= y <= 81]
    assert sum(len(line.replace("\n", "")) for line in lines) == 60


def test_an_address_too_large_for_the_window_is_refused() -> None:
    recipient = replace(example.TO_PATIENT, name="Long " * 120, address_lines=("Lane " * 60, "Town " * 60))
    with pytest.raises(AddressError, match="does not fit the window"):
        render("patient-results", replace(example.FACTS, recipient=recipient))


PAYLOADS = (
    '<img src="file:///etc/passwd"/>',
    "<img src=http://198.51.100.7/x.png>",
    '<a href="http://198.51.100.7/">click</a>',
    "&amp;",
    "&lt;b&gt;",
    "]]>",
    "<![CDATA[x]]>",
    "<para><font size=90>big</font></para>",
    "<br/>",
    '<font color="red">red</font>',
    "<!-- hidden -->",
    "<?php x ?>",
    "{phone}",
    "{unknown}",
    "**bold**",
    "%s %(x)s",
    "O'Brien & Söhne <Ltd>",
    "<seq id='x'/>",
    '<onDraw name="x" label="y"/>',
    "<unichar code='65'/>",
    "&#65;&#x41;",
)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_markup_in_values_is_printed_never_obeyed(payload: str) -> None:
    facts = replace(
        example.REFERRAL,
        patient=replace(example.PATIENT, surname=payload, allergies=(payload,)),
        recipient=replace(example.TO_SPECIALIST, salutation=payload),
        signatory=replace(example.SIGNATORY, role=payload),
        copies=(payload,),
    )
    letter = render("referral", facts)
    flat = "".join(payload.split())
    assert "".join(words_of(letter.pdf).split()).count(flat) >= 5
    with pikepdf.open(BytesIO(letter.pdf)) as document:
        assert all("/Annots" not in page.obj for page in document.pages)
        assert all("/XObject" not in page.obj.Resources for page in document.pages)


def with_name(name: str) -> LetterFacts:
    """The example letter to someone of this name."""
    patient = replace(example.PATIENT, surname=name, given="", title="")
    recipient = replace(example.TO_PATIENT, name=name, salutation=name)
    return replace(example.FACTS, patient=patient, recipient=recipient)


@pytest.mark.parametrize(
    ("name", "character"),
    [
        ("محمد", "م"),
        ("דוד", "ד"),
        ("田中", "田"),
        ("김민준", "김"),
        ("Ana 😀", "😀"),
        ("Ana \u202eafotsiL", "\u202e"),
        ("Ana\u2066b", "\u2066"),
        ("Ana\x07", "\x07"),
        ("Ana\tB", "\t"),
        ("สมชาย", "ส"),
        ("ልዑል", "ል"),
        ("Ana \ue000", "\ue000"),
        ("Rao-लक्ष्मी", "ल"),
    ],
)
def test_what_cannot_be_printed_rightly_is_refused(name: str, character: str) -> None:
    with pytest.raises(GlyphError) as refused:
        render("patient-results", with_name(name))
    assert refused.value.character == character
    assert "cannot be printed" in str(refused.value)


NAMES = (
    "Featherstonehaugh-Wolstenholme-Ramanathan von und zu Liechtenstein-Großöd",
    "Nguyễn Thị Hồng Ánh",
    "Te\u0301o Muller-Lu\u0308denscheidt",
    "Żółć Gęślą Jaźń",
    "Đorđe Šešelj-Čvrljugović",
    "Íñigo Núñez Ibáñez",
    "Ægir Þórðarson",
    "İbrahim Yıldız Şahin",
    "Παναγιώτης Αλεξόπουλος",
    "Владимир Щербаков",
    "Ґалаґан Їжакевич",
    "Ọlúwáṣẹ́gun Adébáyọ̀",
    "Māori Ngāti Whātua",
    "D’Arcy O'Neill–Smith",
    "Ng",
    "A\u200bB\u200e",
)


@pytest.mark.parametrize("name", NAMES)
def test_names_survive(name: str) -> None:
    letter = render("patient-results", with_name(name))
    import unicodedata

    wanted = unicodedata.normalize("NFC", name).replace("\u200b", "").replace("\u200e", "")
    if any(unicodedata.combining(character) for character in wanted):
        assert _spoken(letter.pdf, wanted)
    else:
        assert f"Dear {wanted}," in words_of(letter.pdf)


@pytest.mark.parametrize("name", ["लक्ष्मी त्रिपाठी", "শ্রীমতী লক্ষ্মী", "ஸ்ரீ கௌரி", "क्षत्रिय, श्री"])
def test_joining_scripts_are_shaped_and_can_be_read_aloud(name: str) -> None:
    letter = render("patient-results", with_name(name))
    assert _spoken(letter.pdf, name)


def _spoken(pdf: bytes, name: str) -> bool:
    """True where the greeting with this name is given as the words to read aloud."""
    with pikepdf.open(BytesIO(pdf)) as document:
        said = [
            str(operands[1].ActualText)
            for operands, operator in pikepdf.parse_content_stream(document.pages[0])
            if str(operator) == "BDC" and "/ActualText" in operands[1]
        ]
    return any(f"Dear {name}," in words for words in said)


def test_every_page_has_number_initials_and_letter_id_and_no_name() -> None:
    letter = render("patient-results", example.FACTS)
    for number in range(letter.pages):
        foot = " ".join(text for _x, y, text in placed_lines(letter.pdf, number) if y > 282)
        assert foot == f"Page {number + 1} of {letter.pages} · A. O. · 7KQ4-MZ2P-X"


def test_every_page_of_a_demo_says_so() -> None:
    letter = render("patient-results", DEMO)
    assert letter.pages == 2
    for page in PdfReader(BytesIO(letter.pdf)).pages:
        assert "DEMO CLINIC" in page.extract_text()
    assert "DEMO" not in words_of(render("patient-results", example.FACTS).pdf)


@pytest.mark.parametrize("paper", list(Paper))
def test_paper_size(paper: Paper) -> None:
    clinic = Clinic("Clinic", ("Street", "Town"), "01632 960 100", paper=paper)
    page = PdfReader(BytesIO(render("patient-results", replace(example.FACTS, clinic=clinic)).pdf)).pages[0]
    sheet = SHEETS[paper]
    assert float(page.mediabox.width) == pytest.approx(sheet.width * MM, abs=0.1)
    assert float(page.mediabox.height) == pytest.approx(sheet.height * MM, abs=0.1)


def test_many_results_go_on_over_pages_with_the_heading_repeated() -> None:
    names = ("haemoglobin", "ferritin", "crp", "phosphate", "mcv", "folate", "platelets", "wbc", "rbc", "alt")
    rows = tuple(
        example.result(example.AFTER, f"{name}{number or ''}", "5", "g/L")
        for number in range(6)
        for name in names
    )
    letter = render("patient-results", replace(example.FACTS, results=rows))
    pages = [page.extract_text() for page in PdfReader(BytesIO(letter.pdf)).pages]
    with_rows = [page for page in pages if "5 g/L" in page.replace("\u00a0", " ")]
    assert len(with_rows) > 1
    assert all("What it means" in page for page in with_rows)


def test_recipient_role_is_part_of_the_address() -> None:
    recipient: Recipient = example.TO_SPECIALIST
    letter = render("referral", example.REFERRAL)
    lines = [text for _x, y, text in placed_lines(letter.pdf) if 57 <= y <= 81]
    assert recipient.role in " ".join(lines)
