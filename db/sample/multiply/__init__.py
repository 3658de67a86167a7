"""A large invented clinic out of a small one: its patients copied by set-based SQL, with an audit chain of their own.

The small clinic is made by the operations, so its rows are true; a copy differs from its original only in ids, in
who the person is (name, birth date, numbers, telephone, address) and in the chain. Days and results stay. A birth
date moves only so far that the age in years stays the same on every day the rules looked, so each stored assessment
is still what the rules say. Letters, where the small clinic has any, are copied with their bytes as printed, under
a reference of their own.
"""

from db.sample.multiply.run import Copied, multiply

__all__ = ["Copied", "multiply"]
