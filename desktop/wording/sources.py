"""Where a cut-off comes from, in the words of the window: names of works stay, what is said of them is worded."""

from __future__ import annotations

import re

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

WORDED: frozenset[str] = frozenset(
    str(text)
    for text in (
        QT_TRANSLATE_NOOP("sources", "AABB 2016 and KDIGO 2026 transfusion thresholds"),
        QT_TRANSLATE_NOOP("sources", "Analytical and biological variation of haemoglobin"),
        QT_TRANSLATE_NOOP("sources", "Antenatal ferric carboxymaltose trial protocol"),
        QT_TRANSLATE_NOOP("sources", "BSG 2021 guideline on iron deficiency anaemia"),
        QT_TRANSLATE_NOOP("sources", "BSH cobalamin and folate guideline"),
        QT_TRANSLATE_NOOP("sources", "BSH guideline on iron deficiency in pregnancy"),
        QT_TRANSLATE_NOOP("sources", "Common US practice"),
        QT_TRANSLATE_NOOP("sources", "Conversion table of iron studies"),
        QT_TRANSLATE_NOOP("sources", "CosmoFer and INFeD labels"),
        QT_TRANSLATE_NOOP("sources", "CosmoFer product information"),
        QT_TRANSLATE_NOOP("sources", "Definition of the inch"),
        QT_TRANSLATE_NOOP("sources", "ECCO guideline"),
        QT_TRANSLATE_NOOP("sources", "ECCO guideline on iron in inflammatory bowel disease"),
        QT_TRANSLATE_NOOP("sources", "ECCO iron guideline"),
        QT_TRANSLATE_NOOP("sources", "ESC 2021 heart failure guideline"),
        QT_TRANSLATE_NOOP("sources", "FCM label"),
        QT_TRANSLATE_NOOP("sources", "FCM label 2026"),
        QT_TRANSLATE_NOOP("sources", "FIRM trial"),
        QT_TRANSLATE_NOOP("sources", "Feraheme label"),
        QT_TRANSLATE_NOOP("sources", "Ferinject and Injectafer labels"),
        QT_TRANSLATE_NOOP("sources", "Ferinject product information"),
        QT_TRANSLATE_NOOP("sources", "Ferric carboxymaltose label"),
        QT_TRANSLATE_NOOP("sources", "Ferric derisomaltose label text"),
        QT_TRANSLATE_NOOP("sources", "Ferrlecit label"),
        QT_TRANSLATE_NOOP("sources", "Few data"),
        QT_TRANSLATE_NOOP("sources", "Few reports of low phosphate"),
        QT_TRANSLATE_NOOP("sources", "Four to six weeks after the last infusion"),
        QT_TRANSLATE_NOOP("sources", "Ganzoni formula"),
        QT_TRANSLATE_NOOP(
            "sources",
            "Ganzoni formula as printed in the product labels of iron sucrose and ferric derisomaltose",
        ),
        QT_TRANSLATE_NOOP("sources", "General knowledge"),
        QT_TRANSLATE_NOOP("sources", "INFeD label"),
        QT_TRANSLATE_NOOP("sources", "Injectafer label"),
        QT_TRANSLATE_NOOP("sources", "Injectafer prescribing summary"),
        QT_TRANSLATE_NOOP("sources", "International HHT guidelines"),
        QT_TRANSLATE_NOOP("sources", "KDIGO 2012 and NICE"),
        QT_TRANSLATE_NOOP("sources", "KDIGO 2026 anaemia guideline"),
        QT_TRANSLATE_NOOP("sources", "Mentzer index"),
        QT_TRANSLATE_NOOP("sources", "Monofer and Monoferric labels"),
        QT_TRANSLATE_NOOP("sources", "Monofer product information"),
        QT_TRANSLATE_NOOP("sources", "Monoferric label"),
        QT_TRANSLATE_NOOP("sources", "NICE and heart-failure trials"),
        QT_TRANSLATE_NOOP("sources", "Product labels"),
        QT_TRANSLATE_NOOP("sources", "Proposal"),
        QT_TRANSLATE_NOOP("sources", "Proposal from FERWON-IDA"),
        QT_TRANSLATE_NOOP("sources", "Proposal from KDIGO 2026"),
        QT_TRANSLATE_NOOP("sources", "Proposal from Verhaeghe 2017"),
        QT_TRANSLATE_NOOP("sources", "Proposal from common laboratory practice"),
        QT_TRANSLATE_NOOP("sources", "Randomised comparisons with ferric carboxymaltose"),
        QT_TRANSLATE_NOOP("sources", "Randomised comparisons with ferric derisomaltose"),
        QT_TRANSLATE_NOOP("sources", "Trial end points and grades"),
        QT_TRANSLATE_NOOP("sources", "US expert consensus on intravenous iron 2024"),
        QT_TRANSLATE_NOOP("sources", "US ferric carboxymaltose label"),
        QT_TRANSLATE_NOOP("sources", "US label"),
        QT_TRANSLATE_NOOP("sources", "Venofer label"),
        QT_TRANSLATE_NOOP("sources", "Venofer labels"),
        QT_TRANSLATE_NOOP("sources", "Venofer product information"),
        QT_TRANSLATE_NOOP("sources", "WHO 2024 haemoglobin cut-offs"),
        QT_TRANSLATE_NOOP("sources", "WHO ferritin guideline 2020 and proposal"),
    )
)
"""What the protocol that ships with the program says of its sources; a clinic's own words stand as typed."""


def short_source(source: str) -> str:
    """The source as a line shows it: the work itself, without what stands after a colon, comma or bracket."""
    work = plain_work(source)
    return QCoreApplication.translate("sources", work) if work in WORDED else work


def plain_work(source: str) -> str:
    """The work of a source as the protocol writes it."""
    return re.split(r"[:;,(]", source, maxsplit=1)[0].strip()
