"""A first guess at what the columns of a table mean, with what is doubtful about it; a person confirms it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from clinical.protocol.analytes import level_name, level_unit
from db.imports.limits import FIELD_CHARACTERS
from db.imports.names_of_tests import Names
from db.imports.records import Format, Reason
from db.imports.tables.cells import Cells, TableError, text_cells, workbook_cells
from db.imports.tables.dates import date_order
from db.imports.tables.mapping import WIDE, Column, ColumnMapping

if TYPE_CHECKING:
    from clinical.protocol import Protocol

_HEADINGS: Final = {
    "number": "patient id|patientid|mrn|medical record number|hospital number|patient number|patient no|pid|nhs number|"
    "nhs no|patientennummer|patienten-id|fallnummer|id|patient|urn|ur number|record number|nummer|subject id|"
    "identifier|patient identifier|identifiant|ipp|subject|"
    "nhc|historia clínica|número de historia|número de paciente|nº historia|codice paziente|"
    "codice fiscale|numero paziente|patiëntnummer|patientnummer|número do processo|processo clínico|"
    "personnummer|cpr nummer|cpr|cpr nr|fødselsnummer|numer pacjenta|pesel|hospital no|hosp no|"
    "unit number|chart number|chart no|patient mrn|pat id|patientnr|patienten nr|numéro patient|"
    "n patient|numéro de dossier|nip|nss|nir|chi number|chi|nhi|bsn",
    "family": "family name|surname|last name|lastname|family|nachname|name|familienname|nom|apellido|apellidos|"
    "cognome|achternaam|apelido|sobrenome|efternamn|efternavn|etternavn|nazwisko|family_name|"
    "patient surname|patient last name|familienaam|nom de famille|nom de naissance|primer apellido",
    "given": "given name|first name|firstname|forename|given|vorname|given names|prenom|prénom|nombre|"
    "voornaam|förnamn|fornavn|imię|given_name|patient forename|patient first name|fname|vorname n|"
    "nome|nome próprio|prénoms",
    "full-name": "patient name|full name|patientname|patient name full|name patient|nom complet|"
    "nombre del paciente|nombre completo|nombre y apellidos|apellidos y nombre|nome completo|naam|"
    "navn|namn|nome paziente|nom du patient|nom et prénom|pat name",
    "birth-date": "date of birth|dob|birth date|birthdate|birthday|geburtsdatum|geb datum|geboren|date de naissance|"
    "fecha de nacimiento|born|d o b|geb|"
    "data di nascita|geboortedatum|data de nascimento|födelsedatum|fødselsdato|fødselsdag|"
    "data urodzenia|fecha nacimiento|f nacimiento|fecha de nac|né le|née le|date naissance|ddn|"
    "nato il|patient dob|birth_date",
    "sex": "sex|gender|geschlecht|sexe|sexo|m/f|sesso|geslacht|kön|køn|kjønn|płeć|género|genre|patient sex",
    "collected": "collected|collection date|date collected|sample date|specimen date|collection time|date|datum|"
    "entnahme|entnahmedatum|abnahmedatum|abnahme|date of collection|taken|drawn|draw date|collected on|"
    "collection date time|collection datetime|collected at|test date|result date|effective|datetime|date time|"
    "charttime|date prelevement|date de prélèvement|sampled|sampling date|collected date|"
    "fecha extracción|fecha de extracción|fecha extraccion|fecha toma|fecha de toma|fecha muestra|"
    "fecha de la muestra|fecha|data prelievo|data del prelievo|data de colheita|data da colheita|"
    "data de coleta|data|afnamedatum|datum afname|provtagningsdatum|provtagningstid|"
    "prøvetagningsdato|prøvetidspunkt|prøvedato|data pobrania|prélevé le|date prélèvement|"
    "date heure prélèvement|collection date/time|date/time collected|spec coll date|"
    "specimen collected|specimen collected date|sample taken|sample collected|collected date/time|"
    "collected dt tm|probenentnahme|abnahmezeitpunkt|entnahmezeitpunkt",
    "collected-time": "time|uhrzeit|time collected|collected time|sample time|abnahmezeit|"
    "hora|hora extracción|ora prelievo|heure|heure de prélèvement|tijd|tid",
    "test": "test|test name|analyte|parameter|component|description|investigation|observation|name of test|assay|"
    "analyt|untersuchung|bezeichnung|label|lab test|analyse|item|prueba|test description|"
    "esame|analisi|bepaling|onderzoek|análise|exame|analys|undersøgelse|analyt|badanie|determinación|"
    "determinacion|parámetro|parametro|examen|test omschrijving|lab test name|result name|"
    "observation name|analysis|analyttname|analysename",
    "code": "code|loinc|test code|loinc code|testcode|analyte code|kuerzel|kürzel|loinc num|item code|observation code|"
    "código|codigo|codice|kod|kode|loinc nr|loinc kode",
    "value": "value|result|test result|ergebnis|wert|messwert|result value|valuenum|numeric result|resultat|"
    "résultat|valeur|resultado|valor|"
    "risultato|valore|uitslag|resultaat|waarde|svar|värde|verdi|værdi|wynik|wartość|numeric value|"
    "result numeric|observation value|lab result|resultat numérique|valeur numérique",
    "unit": "unit|units|einheit|uom|unit of measure|valueuom|unité|unite|unidad|unidades|result unit|result units|"
    "unità di misura|unità|eenheid|enhet|enhed|jednostka|unidade|unidad de medida|units of measure|"
    "um|mesure",
    "flag": "flag|abnormal|abnormal flag|interpretation|h/l|kennzeichen|auffaellig",
    "range": "reference range|ref range|reference interval|normal range|referenzbereich|range|normbereich|reference|"
    "valores de referencia|rango de referencia|valori di riferimento|referentiewaarden|"
    "referensintervall|referenceinterval|valeurs de référence|normes|ref interval",
    "status": "status|result status|befundstatus|estado|stato|statut|statut du résultat",
    "comment": "comment|comments|note|notes|kommentar|bemerkung|remark|remarks|"
    "comentario|comentarios|commento|opmerking|commentaire|observaciones|observações|bemærkning",
    "order": "order number|order id|accession|accession number|sample id|specimen id|lab number|auftragsnummer|"
    "lab no|sample number|barcode|specimen number|encounter|request number",
    "laboratory": "laboratory|lab|labor|performing lab|laboratory name",
    "specimen": "specimen|specimen type|sample type|material|probe",
    "comparator": "comparator|operator|prefix",
}
_BY_HEADING: Final = {
    level_name(text): role for role, texts in _HEADINGS.items() for text in texts.split("|")
}
_WITH_UNIT = re.compile(r"^(.*?)[\s_]*[\[(]\s*([^\])]+?)\s*[\])]\s*$")
_SHARED: Final = ("collected", "number", "order", "comment")
"""Roles that several headings may want; the first has it."""


@dataclass(frozen=True, slots=True)
class TableLook:
    """A table as a person is asked about it: first rows, the guess, the certainty of each column, the doubts.

    `certainty` is 1 for a heading that says exactly what it is, 0.5 for an analyte without a unit, 0 for a column
    that is left out.
    """

    cells: Cells
    guess: ColumnMapping
    certainty: tuple[float, ...]
    doubts: tuple[Reason, ...]

    @property
    def header(self) -> tuple[str, ...]:
        """The headings as sent."""
        return self.cells.header

    def first_rows(self, count: int = 20) -> tuple[tuple[str, ...], ...]:
        """The first rows below the heading."""
        start = self.cells.heading + 1
        return self.cells.rows[start : start + count]


def cells_of(data: bytes, kind: Format) -> Cells:
    """The rows of a table file; `TableError` for what is none."""
    return workbook_cells(data) if kind is Format.XLSX else text_cells(data)


def look(data: bytes, kind: Format, protocol: Protocol) -> TableLook:
    """Look at a table before it is mapped; `TableError` says why it cannot be one."""
    return look_at(cells_of(data, kind), protocol)


def look_at(cells: Cells, protocol: Protocol) -> TableLook:
    """Guess the columns of a table that was read."""
    names = Names(protocol)
    columns: list[Column] = []
    certainty: list[float] = []
    taken: set[str] = set()
    for heading in cells.header:
        column, sure = _column(heading, names, protocol, taken)
        taken.add(column.role)
        columns.append(column)
        certainty.append(sure)
    _settle_layout(columns, certainty)
    dates = [
        value
        for n, one in enumerate(columns)
        if one.role in ("collected", "birth-date")
        for value in _values(cells, n)
    ]
    order, sure_of_order = date_order(dates)
    comma = _decimal_comma(cells, columns)
    guess = ColumnMapping(tuple(columns), order, comma)
    return TableLook(cells, guess, tuple(certainty), _doubts(guess, sure_of_order=sure_of_order))


def _values(cells: Cells, place: int) -> list[str]:
    found = (cells.rows[row][place] for row in cells.body[:500] if place < len(cells.rows[row]))
    return [value for value in found if value]


def _column(heading: str, names: Names, protocol: Protocol, taken: set[str]) -> tuple[Column, float]:
    role = _BY_HEADING.get(level_name(heading))
    if role is not None and (role not in taken or role in _SHARED):
        return Column(heading, role if role not in taken else "ignore"), 1.0
    analyte, unit = named_result(heading, names, protocol)
    if analyte:
        return Column(heading, WIDE, analyte, unit), 1.0 if unit else 0.5
    return Column(heading, "ignore"), 0.0


def named_result(heading: str, names: Names, protocol: Protocol) -> tuple[str, str]:
    """(analyte, unit) of a heading such as `Hb (g/dL)`, `Ferritin [µg/L]`, `TSAT %`, `crp_mg_l`; else empty texts."""
    heading = heading[:FIELD_CHARACTERS]
    bracketed = _WITH_UNIT.match(heading)
    tries = [(bracketed[1], bracketed[2])] if bracketed else []
    parts = re.split(r"[\s,;]+", heading.strip())
    tries += [(" ".join(parts[:n]), "".join(parts[n:])) for n in range(len(parts) - 1, 0, -1)]
    under = re.split(r"_+", heading.strip())
    tries += [(" ".join(under[:n]), "/".join(under[n:])) for n in range(len(under) - 1, 0, -1)]
    for name, unit in tries:
        analyte = names.exact(name)
        if analyte and level_unit(unit) in protocol.analytes.by_name[analyte].units:
            return analyte, unit
    whole = names.exact(heading) or (names.exact(bracketed[1]) if bracketed else None)
    return (whole, bracketed[2] if bracketed and not names.exact(heading) else "") if whole else ("", "")


def _settle_layout(columns: list[Column], certainty: list[float]) -> None:
    """A table with a value column is long; what looked like analytes in it then says nothing, and the other way."""
    roles = [column.role for column in columns]
    wide = roles.count(WIDE)
    long = "value" in roles and ("test" in roles or "code" in roles)
    drop = (
        {WIDE}
        if long and wide < 2
        else ({"value", "unit", "test", "code", "flag", "range"} if wide else set())
    )
    for place, column in enumerate(columns):
        if column.role in drop:
            columns[place] = Column(column.heading, "ignore")
            certainty[place] = 0.0


def _decimal_comma(cells: Cells, columns: list[Column]) -> bool:
    """Whether this source writes decimal commas: some value has one, and none has a decimal point."""
    values = [v for n, one in enumerate(columns) if one.role in (WIDE, "value") for v in _values(cells, n)]
    commas = any(re.fullmatch(r"[<>]?\s*-?\d+,\d+", value) for value in values)
    points = any(re.fullmatch(r"[<>]?\s*-?\d+\.\d+", value) for value in values)
    certain = any(re.fullmatch(r"[<>]?\s*-?(?:\d+,(?:\d{1,2}|\d{4,})|0+,\d+)", value) for value in values)
    return commas and certain and not points


def _doubts(guess: ColumnMapping, *, sure_of_order: bool) -> tuple[Reason, ...]:
    doubts = list(doubts_of(guess))
    if not sure_of_order:
        doubts.insert(len(doubts) - _without_unit(guess), Reason("date-order-unclear"))
    return tuple(doubts)


def _without_unit(guess: ColumnMapping) -> int:
    return sum(one.role == WIDE and not one.unit for one in guess.columns)


def doubts_of(guess: ColumnMapping) -> tuple[Reason, ...]:
    """What a mapping leaves open, whoever made it."""
    roles = [column.role for column in guess.columns]
    doubts = []
    if not guess.wide and not ("value" in roles and ("test" in roles or "code" in roles)):
        doubts.append(Reason("no-value-column"))
    if "collected" not in roles:
        doubts.append(Reason("no-date-column"))
    if not {"number", "family", "full-name"} & set(roles):
        doubts.append(Reason("no-patient-column"))
    doubts += [
        Reason("column-without-unit", (("column", one.heading),))
        for one in guess.columns
        if one.role == WIDE and not one.unit
    ]
    return tuple(doubts)


__all__ = ["TableError", "TableLook", "cells_of", "doubts_of", "look", "look_at", "named_result"]
