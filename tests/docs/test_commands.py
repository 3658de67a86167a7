"""Every command that the guides show runs, and every command there is stands in the README.

A command of `replete` is run here in a small clinic of its own. What takes minutes, opens a window for a person, or
belongs to another program is named below with the reason, and is at least read by the parser where it is ours.
"""

from __future__ import annotations

import argparse
import json
import re
import shlex
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from desktop.cli import _parser, run
from desktop.cli.sample import latest_day

ROOT = Path(__file__).parents[2]
GUIDES = (
    "README.md",
    *(f"docs/{name}.md" for name in ("tour", "administrator", "developing", "performance", "keys")),
)
OPENED = ("--database", "trial.replete", "--user", "mina", "--password-file", "password.txt")
FEWER = {"60": "8"}
"""The clinic is made smaller than shown, to be quick."""

BY_CI = "a step of .ci/run, minutes long"
ELSEWHERE = {
    "python -m pip install -e": BY_CI,
    "pyinstaller": BY_CI,
    "ruff": BY_CI,
    "mypy": BY_CI,
    "lint-imports": BY_CI,
    "python -m benchmarks": BY_CI,
    "replete self-test": BY_CI,
    "dist/replete/replete self-test": BY_CI,
    "python -m pytest": BY_CI,
    "REPLETE_SHOTS=docs python -m pytest": "one of the tests, with a folder for its pictures",
    "REPLETE_FUZZ=2000 python -m pytest": "the random keys of every run, for longer",
    ".ci/bare": "makes a root of its own, as root",
    "pg_dump": "a program of the server",
    "pg_restore": "a program of the server",
    "cp ": "puts the packaged program into the system",
    "ln ": "puts the packaged program into the system",
}
A_PERSON_OR_A_SERVER = (
    "replete --demo",
    "replete --database postgresql:",
    "replete check --database postgresql:",
    "replete move --",
    "replete backup /media",
)
"""Opens a window, needs a server, or a disk of that name: read by the parser alone; other tests run them."""


def blocks(text: str) -> Iterator[str]:
    """Each line of the fenced blocks without a language, comments taken off."""
    for language, block in re.findall(r"^```(\w*)\n(.*?)^```$", text, re.M | re.S):
        for line in block.splitlines() if not language else ():
            command = re.sub(r"\s+#.*$", "", line).strip()
            if command:
                yield from (part.strip() for part in command.split("&&"))


def shown() -> list[tuple[str, str]]:
    """Guide and command, once each, in the order of the guides."""
    found = [(guide, line) for guide in GUIDES for line in blocks((ROOT / guide).read_text(encoding="utf-8"))]
    return list(dict.fromkeys(found))


def words_of(command: str) -> list[str]:
    """The arguments of a command of ours."""
    words = shlex.split(command.replace("python -m desktop", "replete"))
    assert words[0] == "replete", command
    return words[1:]


def subcommands() -> dict[str, argparse.ArgumentParser]:
    """Each command of the program with its own parser."""
    for action in _parser()._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    raise AssertionError("no commands")


def test_every_command_shown_is_run_or_named_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    case = {
        "as_of": "2026-03-02",
        "patient": {"sex": "female", "age_years": 40, "weight_kg": 60},
        "results": [],
    }
    Path("case.json").write_text(json.dumps(case), encoding="utf-8")
    ran = []
    for guide, command in shown():
        if any(command.startswith(start) for start in ELSEWHERE):
            continue
        if command.startswith("echo"):
            echo = re.fullmatch(r"echo (\S+) > (\S+)", command)
            assert echo, (guide, command)
            Path(echo[2]).write_text(echo[1] + "\n", encoding="utf-8")
            continue
        words = [FEWER.get(word, word) for word in words_of(command)]
        if command.startswith(A_PERSON_OR_A_SERVER) or "--demo" in words:
            _parser().parse_args(words)
            continue
        opened = () if words[0] in ("sample", "assess") or "--database" in words else OPENED
        status = run([*words, *opened])
        told = capsys.readouterr()
        assert status == 0, (guide, command, told.err, told.out[:300])
        ran.append(words[0])
    assert {"sample", "worklist", "assess", "check"} <= set(ran)


@pytest.mark.parametrize("start", sorted(ELSEWHERE))
def test_what_is_run_elsewhere_is_shown_and_run_there(start: str) -> None:
    assert any(command.startswith(start) for _, command in shown()), f"{start} is shown no longer"
    if ELSEWHERE[start] == BY_CI:
        ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
        assert start.removeprefix("dist/replete/").removesuffix(" -e") in ci


def test_the_readme_names_every_command_and_every_option_it_names_is_there() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `replete ([a-z-]+)", readme, re.M)) | set(
        re.findall(r"`replete ([a-z-]+)", readme)
    )
    text = readme + (ROOT / "docs" / "administrator.md").read_text(encoding="utf-8")
    told |= set(re.findall(r"replete ([a-z][a-z-]+)", text)) & set(subcommands())
    assert set(subcommands()) == told & set(subcommands())
    for name, rest in re.findall(r"^\| `replete ([a-z-]+)([^`]*)`", readme, re.M):
        options = set(re.findall(r"--[a-z-]+", rest))
        known = {option for action in subcommands()[name]._actions for option in action.option_strings}
        assert options <= known, (name, options - known)


@pytest.mark.parametrize(
    "guide", ["README.md", "docs/tour.md", "docs/administrator.md", "docs/developing.md"]
)
def test_what_a_guide_points_to_is_there(guide: str) -> None:
    place = ROOT / guide
    for target in re.findall(r"\]\(([^)#]+)\)", place.read_text(encoding="utf-8")):
        assert (place.parent / target).is_file(), target
    named = re.findall(r"`((?:desktop|db|docs|resources|tests|clinical|reports|\.ci|\.github)/[\w./-]+)`",
                       place.read_text(encoding="utf-8"))  # fmt: skip
    for target in named:
        assert (ROOT / target).exists(), target


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-11-23T02:37:00+00:00", "2026-11-22"),
        ("2026-11-23T18:00:00+00:00", "2026-11-23"),
        ("2026-11-23T18:00:00-05:00", "2026-11-23"),
        ("2026-11-23T09:00:00+11:00", "2026-11-22"),
    ],
)
def test_a_sample_made_now_holds_nothing_later_than_the_clock(now: str, day: str) -> None:
    assert latest_day(datetime.fromisoformat(now)) == date.fromisoformat(day)
