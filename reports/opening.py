"""What stands at fixed places of a letter: letterhead, address in the window, reference lines, foot."""

from __future__ import annotations

from reportlab.lib.styles import ParagraphStyle

from reports.blocks import Letter
from reports.errors import AddressError
from reports.flow import ACCENT, Flow, TaggedParagraph
from reports.page import MM, Sheet, Window
from reports.pieces import SquareCode, demo_band
from reports.tagging import Element, TaggedCanvas

_ADDRESS_SIZES = (11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0)
_LARGE_ADDRESS_SIZES = (14.0, 13.0, 12.0, *_ADDRESS_SIZES)
_SMALLEST = 7.0
_TOP = 15.0
_NAME_SHARE = 0.56
_CONTACT_SHARE = 0.4
_CODE = 22.0
"""Side of the code of a letter that is brought back, with its quiet margin, in mm."""
_MODULES = 29
"""Modules of such a code across, four of margin on either side: a letter's number needs the smallest."""


def _rule(window: Window) -> float:
    """Where the line below the letterhead stands, in mm from the top: always above the window."""
    return min(window.clear_top - 3, 43)


class Opening:
    """What stands at fixed places: letterhead, address, reference lines, foot, demo band."""

    def __init__(self, letter: Letter, flow: Flow, sheet: Sheet, window: Window) -> None:
        self._letter = letter
        self._flow = flow
        self._sheet = sheet
        self._window = window
        clinic = letter.clinic
        head = flow.root.add("Sect")
        self._inner = sheet.width - window.left - sheet.right
        self._name = self._head_paragraph(clinic.name, "clinic", "clinic name", head, _NAME_SHARE)
        lines = [clinic.phone] if flow.large else [*clinic.address_lines, clinic.phone, clinic.email]
        words = "\n".join(line for line in lines if line)
        self._contact = self._head_paragraph(words, "contact", "clinic address", head, _CONTACT_SHARE)
        self._address = _fitting_address(letter, flow, window)
        reference = flow.root.add("Sect")
        dated = "\n".join((letter.date_line, *letter.reference))
        self._reference = flow.paragraph(dated, "reference", "reference", reference.add("P"))
        self._foot_style = ParagraphStyle("foot", parent=flow.style("small"), spaceAfter=0)
        self._code = self._square_code()
        self._footer_paragraph(1, 1)
        self.ends_at = self._end_of_opening()

    def _head_paragraph(
        self, words: str, role: str, field: str, head: Element, share: float
    ) -> TaggedParagraph:
        """Words of the letterhead at the largest size that keeps them above the window."""
        element = head.add("P")
        style = self._flow.style(role)
        leading = style.leading / style.fontSize
        while style.fontSize >= _SMALLEST:
            room = self._inner * share * MM
            paragraph = self._flow.paragraph(words, role, field, element, style, room=room)
            _width, height = paragraph.wrap(room, 1000)
            if height <= (_rule(self._window) - _TOP - 2) * MM:
                return paragraph
            smaller = style.fontSize - 0.5
            style = ParagraphStyle(role, parent=style, fontSize=smaller, leading=smaller * leading)
        raise AddressError(f"The {field} is too long for the head of a letter.", "head-too-long", field=field)

    def _reference_box(self) -> tuple[float, float, float]:
        """Left and top (mm) and width (mm) of the reference lines, right of the clear zone of the window."""
        left = self._window.clear_right + 8
        return left, self._window.clear_top + 6, self._sheet.width - self._sheet.right - left

    def _end_of_opening(self) -> float:
        """Millimetres from the top where the body may begin."""
        _left, top, width = self._reference_box()
        _width, height = self._reference.wrap(width * MM, 500)
        lines_end = top + height / MM
        return float(max(self._window.clear_bottom + 5, lines_end + 5, lines_end + self._code_height + 3))

    def _square_code(self) -> tuple[SquareCode, TaggedParagraph] | None:
        """The number of a letter that is brought back as a code, and in words beside it."""
        code = self._letter.code
        if code is None:
            return None
        figure = self._flow.root.add("Figure", alt=f"{code.description}: {code.holds}")
        held = self._flow.paragraph(
            code.holds, "small", "letter number", self._flow.root.add("P"), self._foot_style
        )
        return SquareCode(code.holds, figure, _CODE * MM), held

    @property
    def _code_height(self) -> float:
        """Room below the reference lines for the code, in mm."""
        return _CODE if self._code else 0.0

    def _draw_code(self, canvas: TaggedCanvas, left: float, top: float) -> None:
        """The code under the reference lines, its own quiet margin left of their edge, and its words beside it."""
        if self._code is None:
            return
        square, held = self._code
        square.drawOn(canvas, (left - _CODE * 4 / _MODULES) * MM, (self._sheet.height - top - _CODE) * MM)
        room = self._sheet.width - self._sheet.right - left - _CODE
        _width, height = held.wrapOn(canvas, room * MM, 1000)
        self._place(canvas, held, left + _CODE, top + _CODE / 2 - height / MM / 2, room)

    def draw(self, canvas: TaggedCanvas) -> None:
        """Letterhead, address and reference lines of the first page."""
        sheet, window = self._sheet, self._window
        contact_width = self._inner * _CONTACT_SHARE
        self._place(canvas, self._name, window.left, _TOP, self._inner * _NAME_SHARE)
        self._place(canvas, self._contact, sheet.width - sheet.right - contact_width, _TOP, contact_width)
        with canvas.decoration():
            canvas.setStrokeColor(ACCENT)
            canvas.setLineWidth(0.8)
            y = (sheet.height - _rule(window)) * MM
            canvas.line(window.left * MM, y, (sheet.width - sheet.right) * MM, y)
        self._place(canvas, self._address, window.left, window.top, window.width)
        left, top, width = self._reference_box()
        self._place(canvas, self._reference, left, top, width)
        _width, height = self._reference.wrap(width * MM, 500)
        self._draw_code(canvas, left, top + height / MM)

    def _place(
        self, canvas: TaggedCanvas, paragraph: TaggedParagraph, left: float, top: float, width: float
    ) -> None:
        """A paragraph with its upper left corner at a place in mm from the corner of the sheet."""
        _width, height = paragraph.wrapOn(canvas, width * MM, 1000)
        paragraph.drawOn(canvas, left * MM, (self._sheet.height - top) * MM - height)

    def _footer_paragraph(self, number: int, total: int) -> TaggedParagraph:
        page = self._letter.page_word.replace("{page}", str(number)).replace("{pages}", str(total))
        words = f"{page} · {self._letter.footer}"
        return self._flow.paragraph(words, "small", "footer", Element("Span"), self._foot_style)

    def foot(self, canvas: TaggedCanvas, number: int, total: int) -> None:
        """The foot of a page, and the band of a demo clinic. Called inside decoration."""
        paragraph = self._footer_paragraph(number, total)
        width = (self._sheet.width - self._window.left - self._sheet.right) * MM
        paragraph.wrapOn(canvas, width, 200)
        paragraph.draw_untagged(canvas, self._window.left * MM, 10 * MM)
        if self._letter.demo_mark:
            demo_band(
                canvas, self._flow, self._letter.demo_mark, self._sheet.width * MM, self._sheet.height * MM
            )


def _fitting_address(letter: Letter, flow: Flow, window: Window) -> TaggedParagraph:
    """Name and address at the largest size that fits the window; short lines are joined if need be."""
    recipient = letter.recipient
    lines = [
        line.strip() for line in (recipient.name, recipient.role, *recipient.address_lines) if line.strip()
    ]
    element = flow.root.add("Sect").add("P")
    while True:
        for size in _LARGE_ADDRESS_SIZES if flow.large else _ADDRESS_SIZES:
            leading = size * (1.2 if size > 9 else 1.12)
            style = ParagraphStyle("fitted", parent=flow.style("address"), fontSize=size, leading=leading)
            paragraph = flow.paragraph(
                "\n".join(lines), "address", "address", element, style, room=window.width * MM
            )
            _width, height = paragraph.wrap(window.width * MM, 1000)
            if height <= window.height * MM:
                return paragraph
        if len(lines) < 4:
            raise AddressError(
                f"The address of {recipient.name} does not fit the window of the envelope. Shorten its lines.",
                "address-too-long",
                name=recipient.name,
            )
        lines[-3:-1] = [f"{lines[-3]}, {lines[-2]}"]
