"""The clinic of the command-line tests: where it is, and how it is opened."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

ON = "2026-02-12"


@dataclass(frozen=True, slots=True)
class Made:
    """Where the clinic is, and what `sample` said of it."""

    path: Path
    password: Path
    said: dict[str, Any]

    def options(self, user: str = "mina") -> list[str]:
        """The options that open it."""
        return ["--database", str(self.path), "--user", user, "--password-file", str(self.password)]
