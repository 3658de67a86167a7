"""The one case of the self-test: a third of the iron needed was given, and the stores are still empty."""

from __future__ import annotations

from typing import Any

CASE: dict[str, Any] = {
    "case": "self-test",
    "as_of": "2026-02-12",
    "patient": {"sex": "female", "birth_date": "1979-03-08", "weight_kg": 64, "height_cm": 167},
    "course": {
        "product": "ferric-carboxymaltose",
        "label": "eu",
        "planned_mg": 500,
        "infusions": [{"date": "2026-01-05", "dose_mg": 500}],
    },
    "results": [
        {"collected": "2025-12-29", "analyte": "haemoglobin", "value": 87, "unit": "g/L"},
        {"collected": "2025-12-29", "analyte": "ferritin", "value": 7, "unit": "ug/L"},
        {"collected": "2026-02-11", "analyte": "haemoglobin", "value": 101, "unit": "g/L"},
        {"collected": "2026-02-11", "analyte": "ferritin", "value": 17, "unit": "ug/L"},
        {"collected": "2026-02-11", "analyte": "transferrin-saturation", "value": 11, "unit": "%"},
        {"collected": "2026-02-11", "analyte": "crp", "value": 2, "unit": "mg/L"},
        {"collected": "2026-02-11", "analyte": "phosphate", "value": 1.0, "unit": "mmol/L"},
    ],
}
