"""Who an Observation is about: the Patient its reference leads to inside the same file, never a guess."""

from __future__ import annotations

from typing import Final

from db.imports.fhir.documents import Json, items, obj, word
from db.imports.limits import FIELD_CHARACTERS
from db.imports.records import Identifier, PatientAsSent, SentName
from db.imports.times import birth_day

_SEXES: Final = frozenset(("female", "male", "other", "unknown"))
_WHOLE_DAY: Final = 10

_WEB: Final = ("http://", "https://")


class Resources:
    """The resources of one file by what a reference may call them; a name borne by two leads nowhere."""

    def __init__(self) -> None:
        self._by_name: dict[str, Json | None] = {}
        self._addresses: dict[int, str] = {}

    def add(self, resource: Json, full_url: str = "") -> None:
        """Make a resource findable by its full address and by `Type/id`."""
        kind, number = word(resource.get("resourceType")), word(resource.get("id"))
        if full_url.startswith(_WEB):
            self._addresses[id(resource)] = full_url
        names = {full_url, f"{kind}/{number}" if kind and number else ""}
        if number and full_url.startswith("urn:uuid:"):
            names.add(f"urn:uuid:{number}")
        for name in names - {""}:
            other = self._by_name.get(name, resource)
            self._by_name[name] = resource if other is resource or other == resource else None

    def find(self, reference: object, kind: str, owner: Json) -> Json | None:
        """The resource of this kind a reference leads to: contained in its owner, or in the file."""
        address = word(obj(reference).get("reference"))
        if address.startswith("#"):
            inside = [one for one in items(owner.get("contained")) if one.get("id") == address[1:]]
            found = inside[0] if len(inside) == 1 else None
        else:
            plain = address.split("/_history/")[0]
            found = self._by_name.get(address) or self._by_name.get(plain)
            if found is None and "/" in plain:
                found = self._by_name.get("/".join(plain.split("/")[-2:]))
                if plain.startswith(_WEB) and id(found) in self._addresses:
                    found = None  # one server's `Patient/1` is not another's
        return found if found is not None and found.get("resourceType") == kind else None


def read_patient(patient: Json) -> PatientAsSent:
    """A Patient as sent, with all identifiers and names; the official name first."""
    born = word(patient.get("birthDate"))
    sex = word(patient.get("gender"))
    names = [_name(one) for one in items(patient.get("name"))]
    names.sort(key=lambda one: (one.kind in ("old", "maiden", "nickname"), one.kind != "official"))
    return PatientAsSent(
        identifiers=tuple(_identifiers(patient)),
        names=tuple(one for one in names if one.family or one.given),
        birth_date=birth_day(born) if len(born) == _WHOLE_DAY else None,
        birth_date_text=born[:FIELD_CHARACTERS],
        sex=sex if sex in _SEXES else None,
        sex_text=sex[:FIELD_CHARACTERS],
    )


def _identifiers(patient: Json) -> list[Identifier]:
    found: dict[str, Identifier] = {}
    for one in items(patient.get("identifier")):
        value = word(one.get("value"))[:FIELD_CHARACTERS]
        if not value:
            continue
        coding = items(obj(one.get("type")).get("coding"))
        kind = word(coding[0].get("code")) if coding else word(obj(one.get("type")).get("text"))
        assigner = word(one.get("system")) or word(obj(one.get("assigner")).get("display"))
        found.setdefault(value, Identifier(value, assigner, kind or word(one.get("use"))))
    return list(found.values())


def _name(one: Json) -> SentName:
    """A HumanName; where it is only a text, the text is the family name as sent."""
    sent = one.get("given")
    given = [word(part) for part in sent if word(part)] if isinstance(sent, list) else []
    family = word(one.get("family"))
    if not family and not given:
        family = word(one.get("text"))
    return SentName(
        family[:FIELD_CHARACTERS],
        (given[0] if given else "")[:FIELD_CHARACTERS],
        word(one.get("use")),
        " ".join(given[1:])[:FIELD_CHARACTERS],
    )
