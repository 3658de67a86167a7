"""A server whose programs are missing: tests are left out at a desk, and fail where both kinds are promised."""

from __future__ import annotations

import pytest
import server_cluster
from _pytest.outcomes import Failed, Skipped


@pytest.mark.parametrize(
    ("ci", "outcome"), [("true", Failed), ("1", Failed), ("", Skipped), ("false", Skipped)]
)
def test_a_missing_server_is_an_error_under_ci(
    monkeypatch: pytest.MonkeyPatch, ci: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setattr(server_cluster, "programs", lambda: None)
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="PostgreSQL 15"):
        server_cluster.need_programs()
