"""Many at once: hostile text in every field of every letter, three hundred names, two hundred addresses."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import letter_examples as example
import pikepdf
import pytest
from pdf_words import words_of

from clinical.outcome import Action
from reports import AddressError, GlyphError, kinds, render_list
from reports.blocks import Letter, Text, plain
from reports.facts import (
    Envelope,
    LetterFacts,
    ListColumn,
    ListFacts,
    Recipient,
    RecipientKind,
    ReferralFacts,
    StepFacts,
)
from reports.flow import LARGE_PRINT_SIZE, Flow
from reports.fonts import PAPER_LOCK, needs_shaping, printable
from reports.letters import compose
from reports.opening import _fitting_address
from reports.page import MM, WINDOWS
from reports.tagging import Element

PAYLOADS = (
    '<img src="file:///etc/passwd"/>', "<img src=http://198.51.100.7/x.png>", '<a href="http://x.example/">c</a>',
    "&amp;", "&lt;b&gt;", "]]>", "<![CDATA[x]]>", "<para><font size=90>big</font></para>", "<br/>",
    '<font color="red">red</font>', "<!-- hidden -->", "<?php x ?>", "{phone}", "{unknown}", "**bold**", "%s %(x)s",
    "O'Brien & Söhne <Ltd>", "<seq id='x'/>", '<onDraw name="x" label="y"/>', "<unichar code='65'/>", "&#65;&#x41;",
    "{{ 7*7 }}", "${7*7}", "{0.__class__}", "<evalString>1+1</evalString>",
)  # fmt: skip


def poisoned(kind: str, payload: str) -> LetterFacts:
    """A letter of a kind with the payload in every field that a person or a laboratory writes."""
    facts = replace(example.FACTS, appointment=example.APPOINTMENT, work_up=example.REFERRAL.work_up)
    assert facts.course is not None
    assert facts.appointment is not None
    if kind == "phosphate-check":
        facts = replace(facts, steps=(StepFacts(Action.MEASURE_PHOSPHATE, example.AFTER),))
    recipient = example.TO_PATIENT
    if kind == "referral":
        recipient = example.TO_SPECIALIST
    if kind == "lab-request":
        recipient = Recipient("Lab", (), RecipientKind.LABORATORY)
    course = replace(
        facts.course,
        indication=payload,
        infusions=tuple(replace(one, batch=payload) for one in facts.course.infusions),
    )
    return replace(
        facts,
        clinic=replace(facts.clinic, name=payload, address_lines=(payload,), phone=payload, email=payload),
        recipient=replace(recipient, name=payload, address_lines=(payload,), salutation=payload, role=payload),
        patient=replace(
            facts.patient, surname=payload, given=payload, title=payload, number=payload, phone=payload,
            address_lines=(payload,), allergies=(payload,), conditions=frozenset({payload}),
        ),
        signatory=replace(facts.signatory, name=payload, role=payload, registration=payload),
        course=course,
        results=tuple(replace(row, unit=payload, canonical_unit=payload) for row in facts.results),
        steps=tuple(replace(step, owner=payload) for step in facts.steps),
        appointment=replace(facts.appointment, time=payload, place=payload),
        referral=ReferralFacts("gynaecology") if kind == "referral" else None,
        work_up=tuple(replace(item, result=payload) for item in facts.work_up),
        copies=(payload,),
        letter_id=payload,
    )  # fmt: skip


def texts_of(value: object) -> Iterator[Text]:
    """Every text of a letter, wherever it stands."""
    if isinstance(value, tuple) and value and all(type(one).__name__ == "Span" for one in value):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from texts_of(one)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from texts_of(getattr(value, name))


def checked(letter: Letter, payload: str) -> int:
    """Set every text that holds the payload as the page would; how many. What is set is the text, letter for letter."""
    flow = Flow(11, Element("Document"))
    found = 0
    for text in texts_of((letter.subject, letter.greeting, letter.blocks)):
        if payload not in plain(text):
            continue
        found += 1
        made = flow.paragraph(text, "body", "field", Element("P"))
        assert "".join(frag.text for frag in made.frags) == printable(plain(text), "field")
        assert all(not getattr(frag, "cbDefn", None) and not frag.link for frag in made.frags)
    return found


@pytest.mark.parametrize("kind", kinds())
def test_hostile_text_stays_text_in_every_field_of_every_letter(kind: str) -> None:
    with PAPER_LOCK:
        for payload in PAYLOADS:
            letter = compose(kind, poisoned(kind, payload))
            assert checked(letter, payload) >= 4, payload
            assert letter.footer.endswith(payload)
            assert letter.recipient.address_lines == (payload,)


PARTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "latin": (
        ("Adaeze", "Renée", "Søren", "Łucja", "Ngozi"),
        ("Okafor", "Müller", "Ångström", "Żółć", "O’Neill"),
    ),
    "vietnamese": (("Nguyễn", "Trần", "Phạm", "Lê", "Vũ"), ("Hồng Ánh", "Thị Mỹ", "Đức", "Quỳnh", "Thắng")),
    "turkish": (
        ("İbrahim", "Şule", "Çağla", "Ümit", "Işıl"),
        ("Yıldız", "Öztürk", "Güneş", "Şahin", "Ağaoğlu"),
    ),
    "greek": (
        ("Παναγιώτης", "Ελένη", "Άννα", "Γιώργος", "Ζωή"),
        ("Αλεξόπουλος", "Ρήγα", "Ώρα", "Νίκου", "Ξένου"),
    ),
    "cyrillic": (
        ("Владимир", "Ґалина", "Їжак", "Његош", "Ђорђе"),
        ("Щербаков", "Ющенко", "Љубић", "Ёлкин", "Цой"),
    ),
    "devanagari": (("लक्ष्मी", "क्षिति", "श्री", "ऋषि", "ज्ञान"), ("त्रिपाठी", "शर्मा", "द्विवेदी", "सिंह", "कृष्ण")),
    "bengali": (("লক্ষ্মী", "শ্রী", "ঋতু", "জ্ঞান", "ক্ষমা"), ("চট্টোপাধ্যায়", "দাশ", "রায়", "সেন", "মিত্র")),
    "tamil": (("கௌரி", "ஸ்ரீ", "முருகன்", "லட்சுமி", "குமார்"), ("சுப்பிரமணியம்", "ராஜா", "நாதன்", "பிள்ளை", "ஐயர்")),
    "thai": (("สมชาย", "น้ำฝน", "กุ้ง", "ปิ่น", "ศิริพร"), ("วงศ์สวัสดิ์", "ใจดี", "ทองคำ", "รัตนพันธุ์", "อยู่สุข")),
    "arabic": (("محمد", "فاطمة", "علي", "نور", "سارة"), ("الحسن", "عباس", "قاسم", "حداد", "منصور")),
    "hebrew": (("דוד", "שרה", "נועה", "יוסף", "רות"), ("כהן", "לוי", "מזרחי", "פרץ", "ביטון")),
    "han": (("田中", "王", "李", "佐藤", "张"), ("太郎", "小明", "静", "花子", "伟")),
    "hangul": (("김", "이", "박", "최", "정"), ("민준", "서연", "지우", "하은", "도윤")),
}
OFFERED = frozenset(
    {"latin", "vietnamese", "turkish", "greek", "cyrillic", "devanagari", "bengali", "tamil", "thai"}
)


def names(script: str) -> list[str]:
    """Twenty-five names of a script, every other one decomposed."""
    pairs = itertools.product(*PARTS[script])
    forms = itertools.cycle(("NFC", "NFD"))
    return [unicodedata.normalize(form, " ".join(pair)) for pair, form in zip(pairs, forms, strict=False)]


def test_names_in_thirteen_scripts_are_right_or_refused() -> None:
    every = [(script, name) for script in PARTS for name in names(script)]
    assert (len(PARTS), len(every)) == (13, 325)
    good, refused = [], []
    for script, name in every:
        try:
            printable(name, "name")
        except GlyphError:
            refused.append(script)
        else:
            good.append(name)
    assert set(refused) == set(PARTS) - OFFERED
    assert len(refused) == 25 * len(set(refused))
    columns = (ListColumn("Name", 3), ListColumn("Number", 1))
    rows = tuple((name, str(number)) for number, name in enumerate(good))
    pdf = render_list(ListFacts("Names", example.CLINIC, "today", columns, rows))
    on_paper, read_aloud = words_of(pdf), _spoken(pdf)
    for name in good:
        wanted = unicodedata.normalize("NFC", name)
        assert wanted in (read_aloud if needs_shaping(wanted) else on_paper), wanted


def _spoken(pdf: bytes) -> str:
    """All words given to be read aloud."""
    said = []
    with pikepdf.open(BytesIO(pdf)) as document:
        for page in document.pages:
            said += [
                str(operands[1].ActualText)
                for operands, operator in pikepdf.parse_content_stream(page)
                if str(operator) == "BDC" and "/ActualText" in operands[1]
            ]
    return "\n".join(said)


@pytest.mark.parametrize("odd", ["😀", "👩‍⚕️", "\u202e", "\u2066", "\u2069", "\x07", "\x1b", "\ue000", "ﷺ"])
def test_an_emoji_or_a_hidden_mark_is_refused_by_name(odd: str) -> None:
    with pytest.raises(GlyphError, match="cannot be printed"):
        printable(f"Ana {odd} Li", "surname")


STREETS = ("1 A St", "The Old Granary, Lower Quay Cottages", "Übergröße-Straße 117 b", "Flat 3, 41 Lantern Hill",
           "Hinterhaus, 3. Obergeschoss links", "12/4 Nguyễn Huệ", "Apartment 1204, Tower B", "PO Box 9",
           "c/o Featherstonehaugh-Wolstenholme", "Οδός Ερμού 12")  # fmt: skip
TOWNS = ("Ely", "Alderport", "St-Mary-under-the-Hill", "Großöd an der Unteren Argen")
ENDS = (
    ("AP2 7DD",),
    ("Northshire", "AP19 7QQ"),
    ("09999", "Deutschland"),
    ("IL 60601",),
    ("AP1 1AA", "United Kingdom"),
)


def test_two_hundred_addresses_stand_in_every_window_or_are_refused() -> None:
    addresses = list(itertools.product(STREETS, TOWNS, ENDS))
    assert len(addresses) == 200
    whole = 0
    for envelope, large in itertools.product(Envelope, (False, True)):
        window = WINDOWS[envelope]
        with PAPER_LOCK:
            flow = Flow(LARGE_PRINT_SIZE if large else 11, Element("Document"))
            for street, town, end in addresses:
                lines = (street, town, *end)
                recipient = replace(example.TO_PATIENT, address_lines=lines, large_print=large)
                letter = compose_small(recipient)
                try:
                    made = _fitting_address(letter, flow, window)
                except AddressError:
                    continue
                _width, height = made.wrap(window.width * MM, 1000)
                assert height <= window.height * MM
                assert all(line_width(line) <= window.width * MM + 0.01 for line in made.blPara.lines)
                said = bare(made.getPlainText(identify=1))
                assert said == bare(recipient.name + "".join(lines))
                whole += 1
    assert whole == 200 * len(Envelope) * 2


def bare(words: str) -> str:
    """Letters and digits alone: short lines may be joined by a comma."""
    return "".join(sign for sign in words if sign not in ", \n")


def line_width(line: object) -> float:
    """The width of a set line in points: what is left over of the room, taken off it."""
    extra = line[0] if isinstance(line, tuple) else getattr(line, "extraSpace", 0.0)
    return -float(extra) if extra < 0 else 0.0


_LETTER = compose("reminder-1", replace(example.FACTS, appointment=example.APPOINTMENT))


def compose_small(recipient: Recipient) -> Letter:
    """A letter to this reader."""
    return replace(_LETTER, recipient=recipient)
