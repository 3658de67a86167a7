"""Letters of invented people: one page that names nobody, kept as every letter is, so that nothing is due that went."""

from __future__ import annotations

import hashlib

from sqlalchemy.orm import Session

from db.operations._letters import NewLetter
from db.operations.letters import AS_ISSUED, issue, mark_printed
from db.queries.letters import next_reference
from db.queries.letters_due import letters_due
from db.stamp import Stamp

SAID = "An invented letter of a sample clinic."


def post_letters(session: Session, patient_id: int, stamp: Stamp) -> None:
    """What an assessment of a patient calls for is written, printed and posted."""
    for due in letters_due(session, stamp.today):
        if due.patient_id != patient_id or due.assessment_id is None or due.kind == "referral":
            continue
        pdf = page_of(SAID)
        letter = NewLetter(
            kind=due.kind,
            course_id=due.course_id,
            patient_id=patient_id,
            recipient={"name": "An invented reader", "address_lines": [], "language": "en"},
            assessment_id=due.assessment_id,
            pdf=pdf,
            sha256=hashlib.sha256(pdf).hexdigest(),
            pages=1,
            wording_version="sample",
            text=SAID,
            letter_id=next_reference(session),
        )
        letter_id = issue(session, letter, stamp).created_id
        assert letter_id is not None
        mark_printed(session, letter_id, "posted", stamp, AS_ISSUED)


def page_of(words: str) -> bytes:
    """A page of A4 with a line of plain letters, as small as a PDF can be. `words` in ASCII, without brackets."""
    drawn = f"BT /F 12 Tf 72 770 Td ({words}) Tj ET"
    parts = (
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        f"<</Length {len(drawn)}>>stream\n{drawn}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    made, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(made))
        made += f"{number} 0 obj\n{part}\nendobj\n".encode("ascii")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 6\n0000000000 65535 f \n{table}trailer<</Size 6/Root 1 0 R>>\nstartxref\n{len(made)}\n%%EOF\n"
    return made + end.encode("ascii")
