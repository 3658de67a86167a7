"""Tests by the names other countries and laboratories give them, their units, and tables with their headings."""

from __future__ import annotations

import pytest
from import_messages import message, one, read

from clinical.protocol import load_protocol
from clinical.protocol.analytes import level_name
from db.imports.given import Given
from db.imports.names_elsewhere import NAMES
from db.imports.records import Observation, State


def named(text: str, value: str, unit: str) -> Observation:
    """A row of a laboratory's own code with this name."""
    return one(message(f"OBX|1|NM|17^{text}^L||{value}|{unit}|||||F"))


@pytest.mark.parametrize(
    ("text", "value", "unit", "comes_to"),
    [
        # Spanish and Portuguese
        ("Hierro sérico", "30", "ug/dL", "iron 5.373"), ("Hematíes", "4.1", "10*6/uL", "rbc 4.1"),
        ("Plaquetas en sangre", "250", "mil/mm3", "platelets 250"), ("VCM", "75", "fL", "mcv 75"),
        ("Índice de saturación de transferrina", "9", "%", "transferrin-saturation 9"),
        ("Proteína C reactiva", "1.2", "mg/dL", "crp 12"), ("Fósforo", "3.1", "mg/dL", "phosphate 1.00099"),
        ("Hemácias", "4.1", "milhões/mm3", "rbc unit-unknown"), ("Leucócitos", "6.1", "10*3/uL", "wbc 6.1"),
        # French and Italian
        ("Fer sérique", "5.4", "µmol/L", "iron 5.4"), ("Plaquettes", "250", "G/L", "platelets 250"),
        ("VGM", "75", "µm³", "mcv 75"), ("Globules rouges", "4.1", "T/L", "rbc 4.1"),
        ("DFG estimé (CKD-EPI)", "90", "mL/mn/1,73m²", "egfr 90"), ("ALAT", "22", "UI/L", "alt 22"),
        ("Sideremia", "30", "µg/dL", "iron 5.373"), ("Piastrine", "250", "10^3/mmc", "platelets 250"),
        # German, Dutch, Nordic, Polish
        ("Erythrozyten", "4.1", "Mio/µl", "rbc 4.1"), ("Leukozyten", "6.1", "Tsd./µl", "wbc 6.1"),
        ("Ferritin i. S.", "8", "ng/ml", "ferritin 8"), ("Löslicher Transferrinrezeptor", "2", "mg/l", "stfr 2"),
        ("IJzerverzadiging", "9", "%", "transferrin-saturation 9"), ("Foliumzuur", "12", "nmol/Liter", "folate 12"),
        ("Transferrinmætning", "7", "%", "transferrin-saturation 7"), ("S-Järn", "8", "µmol/L", "iron 8"),
        ("B-TPK", "250", "10*9/L", "platelets 250"), ("Ferrytyna", "12", "ng/ml", "ferritin 12"),
        ("Płytki krwi", "250", "tys/µl", "platelets 250"),
        # what English-speaking laboratories say besides
        ("Hemoglobin (Hb)", "10.4", "gms/dL", "haemoglobin 104"), ("Iron, Total", "45", "mcg/dL", "iron 8.0595"),
        ("Iron % Sat", "11", "%", "transferrin-saturation 11"), ("ALT (SGPT)", "20", "IU/L", "alt 20"),
        ("FERR", "9", "ug/L", "ferritin 9"), ("%SAT", "11", "%", "transferrin-saturation 11"),
        ("FER", "9", "umol/L", "iron 9"), ("FER", "900", "ug/L", "None code-not-mapped"),
        ("Ferritin SerPl-mCnc", "9", "µg/L", "ferritin 9"), ("Creatinine Ur-mCnc", "90", "mg/dL", "None not-followed"),
        ("White Blood Cell (WBC) Count", "6", "Thousand/uL", "wbc 6"), ("Retic %", "1.2", "%", "reticulocytes 1.2"),
        ("Iron Bind.Cap.(TIBC)", "410", "ug/dL", "tibc 73.431"), ("Ferritin Lvl", "9", "microg/litre", "ferritin 9"),
    ],
)  # fmt: skip
def test_a_name_of_another_country_means_the_same(text: str, value: str, unit: str, comes_to: str) -> None:
    found = named(text, value, unit)
    amount = "" if found.canonical is None else f"{found.canonical.value.normalize():f}"
    assert f"{found.analyte} {amount or found.reasons[0].code}" == comes_to


@pytest.mark.parametrize(
    ("order", "state"),
    [
        ("Iron and TIBC", State.PARSED),
        ("", State.PARSED),
        ("Blood gas", State.HELD),
        ("Oximetry", State.HELD),
    ],
)
def test_a_saturation_of_nothing_named_is_asked_about_under_an_order_of_something_else(
    order: str, state: State
) -> None:
    row = "OBX|1|NM|17^% Saturation^L||71|%|||||F"
    found = one(message(row, obr=f"OBR|1|PL-1|FI-1|P^{order}^L|||20260209081500"))
    assert found.state is state


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Hémoglobine glyquée", "%"), ("Hemoglobina A1c", "%"), ("CHCM", "g/dL"), ("CCMH", "g/dL"),
        ("Plasma free haemoglobin", "g/L"), ("Calcio iónico", "mmol/L"), ("RBC folate", "nmol/L"),
        ("Neutrophils %", "%"), ("Bilirubin, direct", "mg/dL"), ("Nucleated RBC", "10*9/L"),
    ],
)  # fmt: skip
def test_another_test_is_never_taken_for_one_that_is_followed(text: str, unit: str) -> None:
    found = named(text, "5", unit)
    assert (found.analyte, found.state) == (None, State.IGNORED)


def test_no_name_means_two_analytes() -> None:
    followed = load_protocol().analytes
    meant: dict[str, str] = {word: analyte.name for word, analyte in followed.by_spelling.items()}
    for analyte, words in NAMES.items():
        assert not analyte or analyte in followed.by_name
        for word in words.split("|"):
            assert meant.setdefault(level_name(word), analyte) == analyte, word


@pytest.mark.parametrize(
    ("test", "reason"),
    [
        ("777-3^Eritrocitos^LN||245|10*9/L", "code-and-name-disagree"),
        ("2276-4^Żelazo^LN||80|ug/L", "code-and-name-disagree"),
        ("718-7^Hémoglobine glyquée^LN||5.5|g/dL", "code-and-name-disagree"),
        ("770-8^LEUCOCITOS^LN||7500|/uL", "code-not-known"),
        ("718-7||14.2|g/dL", "code-not-mapped"),  # it looks like LOINC and does not say that it is
    ],
)
def test_a_code_under_another_tests_name_is_a_persons_question(test: str, reason: str) -> None:
    code, _, rest = test.partition("||")
    found = one(message(f"OBX|1|NM|{code}||{rest}|||||F"))
    assert (found.state, found.reasons[0].code) == (State.HELD, reason)


@pytest.mark.parametrize(
    ("order", "row", "state"),
    [
        ("Urinalysis, Complete", "ST|HB^Haemoglobin^L||Negative|", State.IGNORED),
        ("Stool, occult blood", "ST|HB^Haemoglobin^L||Negative|", State.IGNORED),
        ("Creatinine, 24 h urine", "NM|2160-0^Creatinine^LN||80|mg/dL", State.HELD),
        ("Clearance, 24 h urine", "NM|CRE^Creatinine, serum^L||0.8|mg/dL", State.PARSED),
        ("Blood and urine profile", "NM|CRE^Creatinine^L||0.8|mg/dL", State.PARSED),
    ],
)
def test_what_the_order_says_of_its_specimen_counts(order: str, row: str, state: State) -> None:
    text = message(f"OBX|1|{row}|||||F").replace("IRON^Iron studies^L", f"X^{order}^L")
    assert one(text).state is state


@pytest.mark.parametrize(
    ("header", "row", "encoding"),
    [
        (
            "NHC;Apellidos;Nombre;Fecha de nacimiento;Sexo;Fecha extracción;Prueba;Resultado;Unidad",
            "4182;García;Ana;10/06/1981;F;25/02/2026;Hemoglobina;10,4;g/dL", "latin-1",
        ),
        (
            "Codice paziente;Cognome;Nome;Data di nascita;Sesso;Data prelievo;Esame;Risultato;Unità di misura",
            "4182;García;Ana;10/06/1981;F;25/02/2026;Emoglobina;10,4;g/dL", "utf-8",
        ),
        (
            "Patiëntnummer;Achternaam;Voornaam;Geboortedatum;Geslacht;Afnamedatum;Bepaling;Uitslag;Eenheid",
            "4182;García;Ana;10-06-1981;Vrouw;25-02-2026;Hemoglobine;10,4;g/dL", "utf-16",
        ),
        (
            "Número do processo;Apelido;Nome;Data de nascimento;Sexo;Data de colheita;Análise;Resultado;Unidade",
            "4182;García;Ana;10/06/1981;Feminino;25/02/2026;Hemoglobina;10,4;g/dL", "cp1252",
        ),
        (
            "Svarsdatum uit LIS\nIPP;Nom;Prénom;Date de naissance;Sexe;Prélevé le;Analyse;Résultat;Unité",
            "4182;García;Ana;10/06/1981;Femme;25/02/2026;Hémoglobine;10,4;g/dL\n\nTotal;1", "utf-8",
        ),
    ],
)  # fmt: skip
def test_a_table_with_headings_of_another_country_needs_no_second_look(
    header: str, row: str, encoding: str
) -> None:
    found = read(f"{header}\n{row}\n".encode(encoding), "t.csv", Given(accept_guess=True))
    seen = found.observations[0]
    assert seen.canonical is not None
    assert (seen.state, seen.analyte, str(seen.canonical.value)) == (State.PARSED, "haemoglobin", "104.0")
    assert seen.patient is not None
    assert (seen.patient.ids, seen.patient.family, seen.patient.given, seen.patient.sex) == (
        ("4182",), "García", "Ana", "female",
    )  # fmt: skip
    assert (str(seen.patient.birth_date), seen.collected and seen.collected.iso) == (
        "1981-06-10",
        "2026-02-25",
    )
    assert all(other.state is not State.PARSED for other in found.observations[1:])
