"""Reaction grades and what to do about them, in words. The advice is the protocol's, for the nurse at the chair."""

from __future__ import annotations

from desktop.wording.plain import tr


def grades() -> list[tuple[object, str]]:
    """The choices of the reaction field."""
    return [
        (0, tr("no reaction, or only nausea, headache, taste")),
        (1, tr("1: flush, warmth, tightness, no more")),
        (2, tr("2: lasting, urticaria, mild wheeze or fall in pressure")),
        (3, tr("3: low pressure, bronchospasm, angioedema")),
        (4, tr("4: cardiac arrest")),
    ]


def advice(grade: int) -> str:
    """What the protocol says for this grade."""
    return {
        0: "",
        1: tr(
            "Stop for at least 15 minutes. It may go on at a quarter to half the rate. No antihistamine by reflex. "
            "The product may be used again, more slowly."
        ),
        2: tr(
            "Stop. Not again on the same day. The next course needs another product, or a specialist's word."
        ),
        3: tr("Stop, treat as anaphylaxis. The product must not be used again; refer."),
        4: tr("Resuscitate. No intravenous iron again without a specialist."),
    }[grade]
