"""A small invented clinic on the command line, made once."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from cli_clinic import ON, Made

from desktop.cli import run


@pytest.fixture(scope="session")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Forty invented patients, as `replete sample` makes them."""
    import contextlib
    import io

    folder = tmp_path_factory.mktemp("cli")
    path = folder / "clinic.replete"
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        status = run(["sample", str(path), "--patients", "40", "--seed", "3", "--on", ON, "--json"])
    assert status == 0
    said = json.loads(out.getvalue())
    password = folder / "password.txt"
    password.write_text(next(u["password"] for u in said["users"] if u["name"] == "mina") + "\n")
    return Made(path, password, said)


@pytest.fixture
def replete(capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """`replete(*arguments)` runs one command line; status, standard output, standard error."""

    def call(*arguments: object) -> tuple[int, str, str]:
        capfd.readouterr()
        try:
            status = run([str(argument) for argument in arguments])
        except SystemExit as ended:  # argparse ends the program itself for wrong usage
            status = int(ended.code or 0) if isinstance(ended.code, int | None) else 2
        said = capfd.readouterr()
        return status, said.out, said.err

    return call
