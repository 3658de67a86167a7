"""`replete import` into a clinic: the balance, what it exits with, and the backup before many messages."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_clinic import Made

from db import vault
from db.backup import folder_of, listed
from db.imports.taking import MANY
from desktop.cli.status import Status

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def own(clinic: Made, tmp_path: Path) -> Made:
    """A copy of the clinic for one test."""
    folder = tmp_path / "own"
    folder.mkdir()
    path = folder / clinic.path.name
    shutil.copy(clinic.path, path)
    shutil.copy(vault.vault_path(clinic.path), vault.vault_path(path))
    return Made(path, clinic.password, clinic.said)


def messages(count: int) -> str:
    """Results of as many people whom nobody here knows."""
    return "".join(
        "\r".join(
            (
                rf"MSH|^~\&|LIS|NORTHGATE|R|C|20260210101500||ORU^R01|{number}|P|2.5",
                f"PID|1||ZZ{number}^^^X^MR||Nobody{number}^Ann||19010101|F",
                f"OBR|1||Z{number}|PANEL|||20260210081500",
                "OBX|1|NM|2276-4^Ferritin^LN||28|ug/L|||||F",
                "",
            )
        )
        for number in range(count)
    )


def test_a_verified_backup_is_made_before_a_file_of_many_messages(
    replete: Run, own: Made, tmp_path: Path
) -> None:
    few, many = tmp_path / "few.hl7", tmp_path / "many.hl7"
    few.write_text(messages(3), newline="")
    many.write_text(messages(MANY), newline="")
    status, out, err = replete("import", few, "--json", *own.options())
    assert (status, json.loads(out)["files"][0]["counts"]["held"]) == (Status.LOOK, 3), err
    assert listed(folder_of(own.path), own.path.stem) == ()
    status, out, err = replete("import", many, "--json", *own.options())
    counts = json.loads(out)["files"][0]["counts"]
    assert (status, counts["read"], counts["held"], counts["duplicate"]) == (
        Status.LOOK,
        MANY,
        MANY - 3,
        3,
    ), err
    [made] = listed(folder_of(own.path), own.path.stem)
    kept = own.path.read_bytes()
    status, _, err = replete(
        "restore", made.path, *own.options("ines")[:4], "--password-file", _of_ines(tmp_path)
    )
    assert status == Status.DONE, err
    assert own.path.read_bytes() != kept
    status, out, _ = replete("worklist", "unmatched", "--json", *own.options())
    assert len(json.loads(out)) == 3, "as it was before the many"


def test_a_backup_that_cannot_be_made_keeps_no_result_out_and_is_said(
    replete: Run, own: Made, tmp_path: Path
) -> None:
    many = tmp_path / "many.hl7"
    many.write_text(messages(MANY), newline="")
    folder_of(own.path).write_text("a file where the folder of backups should be")
    status, out, err = replete("import", many, "--json", *own.options())
    assert (status, json.loads(out)["files"][0]["counts"]["held"]) == (Status.LOOK, MANY)
    assert "No backup could be made before the import" in err
    assert "Traceback" not in err


def _of_ines(folder: Path) -> Path:
    """The administrator's password, who alone may restore."""
    password = folder / "ines.txt"
    password.write_text("sample-ines\n")
    return password
