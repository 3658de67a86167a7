"""What a letter consists of, before it has a page: plain values to compare, read aloud and draw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reports.facts import Clinic, Recipient, Signatory


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one weight."""

    text: str
    bold: bool = False


Text = tuple[Span, ...]


def plain(text: Text) -> str:
    """The words of a text without its weight."""
    return "".join(span.text for span in text)


def text_of(words: str, *, bold: bool = False) -> Text:
    """A text of one run."""
    return (Span(words, bold),)


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph. Styles: `body`, `lead` (the first, larger sentence), `small` (notes)."""

    text: Text
    style: str = "body"


@dataclass(frozen=True, slots=True)
class Heading:
    """A section heading."""

    text: Text


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; `numbered` where the order matters."""

    items: tuple[Text, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """The one tinted panel of a letter: what the reader needs to do."""

    heading: Text
    items: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Label and value; `paired` puts two pairs on a line where the letters are small."""

    rows: tuple[tuple[Text, Text], ...]
    paired: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: headings, rows, share of the width of each column, `left` or `right` for each.

    The first cell of a row is its heading. In large print a table is set row by row, as lines of text.
    """

    head: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]
    widths: tuple[float, ...]
    align: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """One line of the trend chart: title with unit, points, and the lower limit of the target."""

    title: str
    points: tuple[tuple[date, Decimal], ...]
    target: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """Trend of a few analytes over one time axis, infusions marked. `description` is read to the blind."""

    series: tuple[Series, ...]
    infusions: tuple[tuple[date, str], ...]
    days: tuple[tuple[date, str], ...]
    description: str


@dataclass(frozen=True, slots=True)
class Code:
    """A square code that a machine reads, with what it holds printed below it."""

    holds: str
    description: str


@dataclass(frozen=True, slots=True)
class Signature:
    """Closing words, room for a pen, the signatory's lines."""

    closing: Text
    lines: tuple[Text, ...]


Block = Para | Heading | Bullets | Panel | Pairs | Grid | Chart | Code | Signature


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter ready for a page. `reference` are the lines beside the address; `footer` ends each page.

    `code` stands below the reference lines of a letter that is brought back, to be read by a machine.
    """

    kind: str
    title: str
    language: str
    clinic: Clinic
    recipient: Recipient
    signatory: Signatory
    made_on: date
    date_line: str
    reference: tuple[str, ...]
    subject: Text
    greeting: Text
    blocks: tuple[Block, ...]
    page_word: str
    footer: str
    demo_mark: str
    wording_version: str
    professional: bool = False
    code: Code | None = None

    @property
    def large_print(self) -> bool:
        """True where the reader needs 18-point letters."""
        return self.recipient.large_print


def lines_of(block: Block) -> list[str]:
    """The words of a block, line by line, as they would be read aloud."""
    match block:
        case Para(text) | Heading(text):
            return [plain(text)]
        case Bullets(items, numbered):
            return [f"{n}. {plain(i)}" if numbered else f"• {plain(i)}" for n, i in enumerate(items, start=1)]
        case Panel(heading, items):
            return [plain(heading), *(f"• {plain(item)}" for item in items)]
        case Pairs(rows):
            return [f"{plain(label)}: {plain(value)}" for label, value in rows]
        case Grid(head, rows):
            return [" | ".join(plain(cell) for cell in row) for row in (head, *rows)]
        case Chart(description=description):
            return [description]
        case Code(holds, description):
            return [f"{description}: {holds}"]
        case Signature(closing, lines):
            return [plain(closing), *(plain(line) for line in lines)]


def plain_text(letter: Letter) -> str:
    """The whole letter as text: what is archived beside the bytes and compared by tests."""
    recipient = letter.recipient
    parts = [
        [letter.date_line, *letter.reference, *(lines_of(letter.code) if letter.code else ())],
        [line for line in (recipient.name, recipient.role, *recipient.address_lines) if line],
        [plain(letter.subject)],
        *([[plain(letter.greeting)]] if letter.greeting else []),
        *(lines_of(block) for block in letter.blocks),
    ]
    return ("\n\n".join("\n".join(part) for part in parts) + "\n").replace("\u00a0", " ")
