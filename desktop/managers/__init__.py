"""Managers: how the clinic does over a span of months, every figure with the patients behind it."""
