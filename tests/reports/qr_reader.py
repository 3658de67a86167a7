"""Reads the square code of a letter back from the squares on its page: the smallest size, undamaged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pikepdf

SIZE = 21
ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
MASKS: tuple[Callable[[int, int], bool], ...] = (
    lambda r, c: (r + c) % 2 == 0,
    lambda r, _c: r % 2 == 0,
    lambda _r, c: c % 3 == 0,
    lambda r, c: (r + c) % 3 == 0,
    lambda r, c: (r // 2 + c // 3) % 2 == 0,
    lambda r, c: r * c % 2 + r * c % 3 == 0,
    lambda r, c: (r * c % 2 + r * c % 3) % 2 == 0,
    lambda r, c: ((r + c) % 2 + r * c % 3) % 2 == 0,
)


def codes_of(pdf: bytes) -> list[str]:
    """What the code on each page that has one holds."""
    with pikepdf.open(BytesIO(pdf)) as document:
        found = (squares(page) for page in document.pages)
        return [read(dark) for dark in found if dark]


def squares(page: Any) -> set[tuple[int, int]]:
    """Row and column of the dark modules: the flat boxes of one height on a page, each as wide as some of them."""
    boxes = [
        tuple(map(float, operands))
        for operands, operator in pikepdf.parse_content_stream(page)
        if str(operator) == "re"
    ]
    boxes = [box for box in boxes if 0 < box[3] < 4]
    if not boxes:
        return set()
    side, left, top = boxes[0][3], min(box[0] for box in boxes), max(box[1] for box in boxes)
    return {
        (round((top - y) / side), round((x - left) / side) + more)
        for x, y, wide, _high in boxes
        for more in range(round(wide / side))
    }


def read(dark: set[tuple[int, int]]) -> str:
    """The text of a code of 21 modules, from its bits in their order."""
    assert max(map(max, dark)) == SIZE - 1
    mask = MASKS[sum(((8, 2 + n) in dark) << (2 - n) for n in range(3)) ^ 0b101]
    bits = "".join(str(int(((r, c) in dark) != mask(r, c))) for r, c in path())
    said = ""
    while bits[:4] != "0000" and len(said) < 20:
        words, bits = segment(bits[:4], bits[4:])
        said += words
    return said


def segment(mode: str, bits: str) -> tuple[str, str]:
    """One run of a code (digits, capitals and digits, or bytes) and the bits after it."""
    if mode == "0100":
        length, bits = int(bits[:8], 2), bits[8:]
        return bytes(int(bits[8 * n : 8 * n + 8], 2) for n in range(length)).decode(), bits[8 * length :]
    if mode == "0001":
        length, bits = int(bits[:10], 2), bits[10:]
        said, group, widths = "", 3, {1: 4, 2: 7, 3: 10}
    else:
        assert mode == "0010", mode
        length, bits = int(bits[:9], 2), bits[9:]
        said, group, widths = "", 2, {1: 6, 2: 11}
    while len(said) < length:
        count = min(group, length - len(said))
        number, bits = int(bits[: widths[count]], 2), bits[widths[count] :]
        said += (
            f"{number:0{count}d}"
            if group == 3
            else "".join(ALPHANUMERIC[number // 45**place % 45] for place in reversed(range(count)))
        )
    return said, bits


def path() -> Iterator[tuple[int, int]]:
    """The modules that hold data, in the order they are written: pairs of columns, up and down by turns."""
    up = True
    for right in (20, 18, 16, 14, 12, 10, 8, 5, 3, 1):
        for row in range(SIZE - 1, -1, -1) if up else range(SIZE):
            for column in (right, right - 1):
                corner = (row < 9 and (column < 9 or column > 12)) or (row > 12 and column < 9)
                if not corner and row != 6:
                    yield row, column
        up = not up
