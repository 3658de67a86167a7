"""`replete assess`: written cases in, assessments out; needs no database and no screen."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from clinical.assessment import assess
from clinical.cases import CaseError, assessment_to_json, dumps, facts_from_json, loads
from clinical.facts import Facts
from clinical.outcome import Assessment
from clinical.protocol import Protocol, ProtocolError, load_protocol
from clinical.would_change import with_would_change
from desktop.cli.status import Status, Stop


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and its options."""
    parser = commands.add_parser("assess", help="assess written cases; needs no database")
    parser.add_argument("files", nargs="+", metavar="CASE.json", help="a case, or a list of cases")
    parser.add_argument("--json", action="store_true", help="print the assessments as JSON and nothing else")
    parser.add_argument(
        "--quick",
        action="store_true",
        help="leave out what would change the outcome, which takes thirty assessments for one",
    )
    parser.add_argument(
        "--protocol",
        type=Path,
        metavar="FILE",
        default=argparse.SUPPRESS,
        help="use this protocol instead of the bundled one",
    )
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> Status:
    """Assess every case of every file; one object for one case alone, else a list."""
    protocol = protocol_from(options.protocol)
    answers: list[tuple[Assessment, Facts]] = []
    single = len(options.files) == 1
    for name in options.files:
        content = read_json(Path(name))
        cases = content if isinstance(content, list) else [content]
        single = single and not isinstance(content, list)
        answers.extend(_assess_all(cases, protocol, name, quick=options.quick))
    if options.json:
        made = [assessment_to_json(assessment) for assessment, _ in answers]
        _write(dumps(made[0] if single else made) + "\n", exact=True)
    else:
        from desktop.cli.plain_assessment import as_text

        _write("\n\n".join(as_text(*answer) for answer in answers) + "\n", exact=False)
    return Status.DONE


def protocol_from(path: Path | None) -> Protocol:
    """The protocol of a file, or the bundled one; a file with a fault ends the command naming the place."""
    try:
        return load_protocol(path)
    except ProtocolError as error:
        raise Stop(f"The protocol cannot be used: {error}") from error
    except OSError as error:
        raise Stop(f"The protocol cannot be read: {path}: {error.strerror}") from error


def read_json(path: Path) -> Any:
    """The content of a JSON file with its numbers kept exact; anything unreadable is said with its place."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise Stop(f"There is no file {path}.") from error
    except UnicodeDecodeError as error:
        raise Stop(f"{path} is not text in UTF-8 (byte {error.start}).") from error
    except OSError as error:
        raise Stop(f"{path} cannot be read: {error.strerror}.") from error
    try:
        return loads(text)
    except CaseError as error:
        raise Stop(f"{path} cannot be read as a case: {error}.") from error


def _write(text: str, *, exact: bool) -> None:
    """Print in UTF-8, the same bytes on any machine (`exact`), or as well as the terminal can show it."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        if exact:
            sys.stdout.reconfigure(encoding="utf-8", newline="\n")
        else:
            sys.stdout.reconfigure(errors="backslashreplace")
    sys.stdout.write(text)


def _assess_all(
    cases: Iterable[Any], protocol: Protocol, name: str, *, quick: bool
) -> Iterator[tuple[Assessment, Facts]]:
    for number, case in enumerate(cases, start=1):
        try:
            facts = facts_from_json(case)
        except CaseError as error:
            raise Stop(f"{name}, case {number}: {error}") from error
        assessment = assess(facts, protocol)
        yield assessment if quick else with_would_change(assessment, facts, protocol), facts
