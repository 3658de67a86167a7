"""Which band a value should lie in: the day's cut-off, the assessment's profile, the protocol's numbers."""

from __future__ import annotations

from collections.abc import Mapping

from clinical.facts import Facts
from clinical.outcome import Profile
from clinical.person import cut_off
from clinical.protocol import Protocol
from desktop.widgets.trend_chart import Target


def targets(facts: Facts, profile: Profile | None, protocol: Protocol) -> Mapping[str, Target]:
    """Targets by analyte in canonical units.

    Ferritin and saturation have a target only once an assessment has said which profile applies. C-reactive
    protein has a ceiling, which is itself outside the target.
    """
    bands = {
        "haemoglobin": Target(cut_off(facts, facts.as_of, protocol).recovered_from),
        "phosphate": Target(protocol.number("phosphate.mild")),
        "crp": Target(high=protocol.number("inflammation.raised"), open_top=True),
    }
    if profile is not None:
        row = protocol.profiles[profile]
        bands["ferritin"] = Target(row.target_ferritin.value)
        bands["transferrin-saturation"] = Target(row.target_tsat.value)
    return bands
