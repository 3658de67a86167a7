"""`python -m benchmarks.imports_parse [--json]`: reading HL7 v2 messages, no database, beside other readers.

Every message is another person with four results of other values, so nothing that was read of one answers for the
next. The floor splits the same text into fields and does no more. `hl7` and `hl7apy` are measured on the same text
when they are installed; they give fields, not results: no numbers, units, patients, states or reasons.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict

from benchmarks.measure import Figure
from clinical.protocol import Protocol, load_protocol
from db.imports.hl7 import read
from db.imports.meaning import Meaning

GOAL_A_SECOND = 1_000
MESSAGES = 1_000
FEW = 50
"""Messages for a reader of fifty messages a second."""
ROUNDS = 5
TESTS = (
    ("718-7", "Haemoglobin", "g/L", 84),
    ("2276-4", "Ferritin", "ug/L", 11),
    ("2502-3", "Transferrin saturation", "%", 12),
    ("1988-5", "CRP", "mg/L", 3),
)


def message(number: int) -> str:
    """One invented message of four results."""
    lines = [
        f"MSH|^~\\&|LABSYS|NORTHLAB|REPLETE|CLINIC|20260209120000||ORU^R01|M{number}|P|2.5",
        f"PID|1||{100000 + number}^^^NORTHLAB^MR||Sample{number}^Given{number % 97}||{1940 + number % 60}0501|F",
        f"OBR|1|P{number}|F{number}|IRON^Iron studies^L|||202602{1 + number % 27:02d}0815",
    ]
    lines += [
        f"OBX|{place}|NM|{code}^{name}^LN||{value + number % 7}.{number % 10}|{unit}|1-9|N|||F|||20260209"
        for place, (code, name, unit, value) in enumerate(TESTS, 1)
    ]
    return "\r".join(lines) + "\r"


def split_only(text: str) -> int:
    """The floor: messages into segments into fields."""
    return sum(
        len(segment.split("|")) for one in text.split("MSH|")[1:] for segment in one.split("\r") if segment
    )


def parse_only(protocol: Protocol, many: int = MESSAGES) -> Figure:
    """Row 6, reading alone: from bytes to results with patient, number, unit, state and reasons."""
    text = "".join(message(number) for number in range(many))
    data = text.encode()
    work = f"read {many} ORU × {len(TESTS)} OBX, parse only"
    return compare(work, _reading(data, protocol), lambda: split_only(text))


def beside(peer: str, protocol: Protocol, many: int) -> Figure:
    """The same messages read by another reader in the place of the floor."""
    texts = [message(number) for number in range(many)]
    data = "".join(texts).encode()
    work = f"read {many} ORU, parse only; floor is {peer} {importlib.metadata.version(peer)}"
    return compare(work, _reading(data, protocol), lambda: [_PEERS[peer](one) for one in texts])


def compare(work: str, ours: Callable[[], object], floor: Callable[[], object]) -> Figure:
    """Both in turns by CPU time, which other programs on the machine do not lengthen; milliseconds."""
    mine: list[float] = []
    bare: list[float] = []
    for _ in range(ROUNDS + 1):
        mine.append(_milliseconds(ours))
        bare.append(_milliseconds(floor))
    median, low = statistics.median(mine[1:]), max(statistics.median(bare[1:]), 0.001)
    worst = statistics.quantiles(mine[1:], n=20)[-1]
    return Figure(
        6, work, round(median, 4), round(low, 4), "ms", round(median / low, 2), round(worst, 4), ROUNDS
    )


def _milliseconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return (time.process_time() - begun) * 1000


def figures(protocol: Protocol) -> list[Figure]:
    """Ours beside the floor, then beside every other reader that is installed."""
    found = [parse_only(protocol)]
    for peer, many in (("hl7", MESSAGES), ("hl7apy", FEW)):
        if importlib.util.find_spec(peer) is not None:
            found.append(beside(peer, protocol, many))
    return found


def _reading(data: bytes, protocol: Protocol) -> Callable[[], object]:
    return lambda: read(data, "messages.hl7", Meaning(protocol))


def _hl7(text: str) -> object:
    import hl7  # type: ignore[import-untyped, import-not-found, unused-ignore]

    return hl7.parse(text)


def _hl7apy(text: str) -> object:
    from hl7apy.parser import parse_message  # type: ignore[import-untyped, import-not-found, unused-ignore]

    return parse_message(text, find_groups=False)


_PEERS: dict[str, Callable[[str], object]] = {"hl7": _hl7, "hl7apy": _hl7apy}


def main() -> int:
    """Print the figures, with messages a second against the goal."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.imports_parse", description=__doc__)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = figures(load_protocol(None))
    if options.json:
        print(json.dumps([asdict(one) for one in found], indent=1))
        return 0
    for one in found:
        many = int(one.work.split()[1])
        print(
            f"{one.work:<60} {many / one.ours * 1000:>9.0f} messages/s; floor {many / one.floor * 1000:>9.0f}; "
            f"ratio {one.ratio:.2f}"
        )
    print(f"goal: {GOAL_A_SECOND} messages/s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
