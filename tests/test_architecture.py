"""The house rules a contract between imports cannot say: a sentence and a rule each."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("clinical", "db", "reports", "desktop", "resources")
LONGEST_MODULE = 400
LONGEST_FUNCTION = 60
CLINICAL_WORDS = re.compile(
    r"(^|_)(hb|haemoglobin|ferritin|tsat|saturation|crp|phosphate|egfr|dose_mg|ratio|weight_kg)($|_)"
)


def modules(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            # a migration is a frozen record of what was done once, as long as the schema was
            if "migrations" not in path.parts:
                yield path, ast.parse(path.read_text(encoding="utf-8"))


def place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


def test_no_module_is_longer_than_a_person_can_hold() -> None:
    long = [
        (str(path.relative_to(ROOT)), lines)
        for path, _ in modules(*FOLDERS)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_MODULE
    ]
    assert not long


def test_no_function_is_longer_than_a_page() -> None:
    long = [
        f"{place(path, node)} {node.name}"
        for path, tree in modules(*FOLDERS)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno > LONGEST_FUNCTION
    ]
    assert not long


def test_everything_public_says_what_it_means() -> None:
    silent = []
    for path, tree in modules(*FOLDERS):
        if not ast.get_docstring(tree):
            silent.append(str(path.relative_to(ROOT)))
        for node in tree.body:
            public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if public and not ast.get_docstring(node):
                silent.append(f"{place(path, node)} {node.name}")
    assert not silent


def test_only_clinical_compares_with_a_clinical_number() -> None:
    compared = []
    for path, tree in modules("db", "reports", "desktop"):
        for node in ast.walk(tree):
            if not isinstance(node, ast.Compare):
                continue
            sides = [node.left, *node.comparators]
            numbers = [
                s.value for s in sides if isinstance(s, ast.Constant) and isinstance(s.value, int | float)
            ]
            names = [
                s.attr if isinstance(s, ast.Attribute) else s.id
                for s in sides
                if isinstance(s, ast.Attribute | ast.Name)
            ]
            if any(CLINICAL_WORDS.search(name) for name in names) and any(
                number not in (0, 1) for number in numbers
            ):
                compared.append(place(path, node))
    assert not compared


def test_rules_and_operations_never_ask_the_clock() -> None:
    asked = []
    for path, tree in modules("clinical", "db/operations"):
        for node in ast.walk(tree):
            clock = isinstance(node, ast.Attribute) and node.attr in {"now", "today", "utcnow"}
            if clock and isinstance(node.value, ast.Name) and node.value.id in {"date", "datetime", "time"}:
                asked.append(place(path, node))
    assert not asked


def test_rules_know_neither_chance_nor_files() -> None:
    """Only the loader of the protocol reads files."""
    forbidden = {"random", "secrets", "os", "io", "pathlib", "sqlite3", "socket", "time", "logging"}
    known = []
    for path, tree in modules("clinical"):
        if path.is_relative_to(ROOT / "clinical" / "protocol"):
            continue
        for node in ast.walk(tree):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            known += [place(path, node) for name in names if name.split(".")[0] in forbidden]
    assert not known


def test_screens_never_import_each_other() -> None:
    screens = {
        "today",
        "review",
        "overdue",
        "letters",
        "patient",
        "patients",
        "plan",
        "infusions",
        "results",
        "start",
    }
    met = []
    for path, tree in modules(*(f"desktop/{screen}" for screen in sorted(screens))):
        own = path.relative_to(ROOT).parts[1]
        for node in ast.walk(tree):
            module = node.module if isinstance(node, ast.ImportFrom) else None
            parts = (module or "").split(".")
            if parts[0] == "desktop" and len(parts) > 1 and parts[1] in screens - {own}:
                met.append(f"{place(path, node)} {module}")
    assert not met


def test_every_paragraph_on_paper_is_made_by_the_one_helper() -> None:
    makers = {
        str(path.relative_to(ROOT))
        for path, tree in modules("reports")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Paragraph"
    }
    assert len(makers) <= 1, makers


def test_no_tracked_text_names_a_machine_path_or_a_registry() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    # the patterns are put together so that this file does not hold what it looks for
    pattern = re.compile(
        r"(?<![\w.])/(?:wo" + r"rk|root|tm" + r"p/plan)/|pypi\." + r"org|python" + r"hosted\.|npm" + r"js\."
    )
    found = []
    for name in listed.stdout.decode().split("\0"):
        path = ROOT / name
        if not name or not path.is_file() or path.suffix in {".ttf", ".otf", ".png", ".pdf", ".ico"}:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if pattern.search(line):
                found.append(f"{name}:{number}")
    assert not found
