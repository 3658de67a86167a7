"""Invented clinics for trials and benchmarks, made by the same operations people use, so every invariant holds."""

from db.sample.clinic import Names, Progress, SampleClinic, fill
from db.sample.large import multiplied

__all__ = ["Names", "Progress", "SampleClinic", "fill", "multiplied"]
