"""A simulated year of a clinic of a thousand patients, done by the public operations alone, day by day.

`people` are the patients and what their blood says, `desk` the staff who work the lists, `year` the days, `alerts` what
interrupted whom, `proving` the promises, `report` the figures. Everything comes from one seed.
"""
