"""Clinical codes in words: outcomes, urgencies, actions, products, analytes, conditions, symptoms.

A code without words of its own is shown as it is written, with blanks for hyphens, so that a new code of the
protocol is never an empty place on the screen.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop.wording.numbers import milligrams

tr = QCoreApplication.translate


def said(words: Mapping[str, object], code: str) -> str:
    """The words of a code in the user's language, or the code itself in readable form."""
    source = words.get(code)
    return tr("codes", str(source)) if source is not None else code.replace("-", " ").replace("_", " ")


_OUTCOMES: Mapping[str, object] = {
    "data-invalid": QT_TRANSLATE_NOOP("codes", "Data to correct"),
    "urgent": QT_TRANSLATE_NOOP("codes", "Urgent"),
    "safety-stop": QT_TRANSLATE_NOOP("codes", "Stop: no more iron"),
    "too-early": QT_TRANSLATE_NOOP("codes", "Too soon to tell"),
    "responded": QT_TRANSLATE_NOOP("codes", "Responded"),
    "other-cause": QT_TRANSLATE_NOOP("codes", "Another cause"),
    "inadequate-dose": QT_TRANSLATE_NOOP("codes", "Dose too small"),
    "ongoing-loss": QT_TRANSLATE_NOOP("codes", "Ongoing loss"),
    "functional": QT_TRANSLATE_NOOP("codes", "Inflammation holds the iron"),
    "ckd-epo-deficit": QT_TRANSLATE_NOOP("codes", "Kidney anaemia"),
    "hypophosphataemia": QT_TRANSLATE_NOOP("codes", "Low phosphate"),
    "stores-replete-symptomatic": QT_TRANSLATE_NOOP("codes", "Stores full, still unwell"),
    "indeterminate": QT_TRANSLATE_NOOP("codes", "Not clear yet"),
    "no-follow-up-yet": QT_TRANSLATE_NOOP("codes", "No repeat bloods yet"),
}

_RESPONSES: Mapping[str, object] = {
    "complete": QT_TRANSLATE_NOOP("codes", "complete response"),
    "adequate": QT_TRANSLATE_NOOP("codes", "adequate response"),
    "partial": QT_TRANSLATE_NOOP("codes", "partial response"),
    "none": QT_TRANSLATE_NOOP("codes", "no response"),
    "worse": QT_TRANSLATE_NOOP("codes", "worse than before"),
    "too-early": QT_TRANSLATE_NOOP("codes", "too soon to tell"),
    "not-assessable": QT_TRANSLATE_NOOP("codes", "cannot be assessed"),
}

_URGENCIES: Mapping[str, object] = {
    "emergency": QT_TRANSLATE_NOOP("codes", "Emergency, now"),
    "urgent": QT_TRANSLATE_NOOP("codes", "Urgent, same day"),
    "soon": QT_TRANSLATE_NOOP("codes", "Soon"),
    "routine": QT_TRANSLATE_NOOP("codes", "Routine"),
}

_PROFILES: Mapping[str, object] = {
    "general": QT_TRANSLATE_NOOP("codes", "general target"),
    "inflamed": QT_TRANSLATE_NOOP("codes", "target in inflammation"),
    "ckd-nd": QT_TRANSLATE_NOOP("codes", "target in kidney disease"),
    "ckd-hd": QT_TRANSLATE_NOOP("codes", "target on haemodialysis"),
    "heart-failure": QT_TRANSLATE_NOOP("codes", "target in heart failure"),
    "pregnant": QT_TRANSLATE_NOOP("codes", "target in pregnancy"),
    "ibd": QT_TRANSLATE_NOOP("codes", "target in bowel disease"),
}

_ACTIONS: Mapping[str, object] = {
    "correct-data": QT_TRANSLATE_NOOP("codes", "Correct the data"),
    "same-day-review": QT_TRANSLATE_NOOP("codes", "Review the same day"),
    "discuss-transfusion": QT_TRANSLATE_NOOP("codes", "Discuss transfusion"),
    "wait-and-repeat-labs": QT_TRANSLATE_NOOP("codes", "Wait, then repeat bloods"),
    "repeat-labs": QT_TRANSLATE_NOOP("codes", "Repeat bloods"),
    "repeat-infusion": QT_TRANSLATE_NOOP("codes", "Repeat infusion"),
    "measure-phosphate": QT_TRANSLATE_NOOP("codes", "Measure phosphate"),
    "switch-product": QT_TRANSLATE_NOOP("codes", "Switch product"),
    "work-up": QT_TRANSLATE_NOOP("codes", "Start a work-up"),
    "refer": QT_TRANSLATE_NOOP("codes", "Refer"),
    "follow-up": QT_TRANSLATE_NOOP("codes", "Follow up"),
    "discharge": QT_TRANSLATE_NOOP("codes", "Discharge from follow-up"),
    "plan-course": QT_TRANSLATE_NOOP("codes", "Plan the course"),
    "give-infusion": QT_TRANSLATE_NOOP("codes", "Give the infusion"),
    "review-results": QT_TRANSLATE_NOOP("codes", "Review the results"),
    "chase-labs": QT_TRANSLATE_NOOP("codes", "Chase repeat bloods"),
}

_PRODUCTS: Mapping[str, object] = {
    "ferric-carboxymaltose": QT_TRANSLATE_NOOP("codes", "ferric CARBOXYMALTOSE"),
    "ferric-derisomaltose": QT_TRANSLATE_NOOP("codes", "ferric DERISOMALTOSE"),
    "iron-sucrose": QT_TRANSLATE_NOOP("codes", "iron SUCROSE"),
    "low-molecular-weight-iron-dextran": QT_TRANSLATE_NOOP("codes", "iron DEXTRAN (low molecular weight)"),
    "ferumoxytol": QT_TRANSLATE_NOOP("codes", "FERUMOXYTOL"),
    "sodium-ferric-gluconate": QT_TRANSLATE_NOOP("codes", "sodium ferric GLUCONATE"),
    "iron-polymaltose": QT_TRANSLATE_NOOP("codes", "iron POLYMALTOSE"),
}

_LABELS: Mapping[str, object] = {
    "eu": QT_TRANSLATE_NOOP("codes", "EU label"),
    "us": QT_TRANSLATE_NOOP("codes", "US label"),
    "us-heart-failure": QT_TRANSLATE_NOOP("codes", "US label, heart failure"),
    "au": QT_TRANSLATE_NOOP("codes", "Australian label"),
}

_METHODS: Mapping[str, object] = {
    "ganzoni": QT_TRANSLATE_NOOP("codes", "Ganzoni"),
    "label-table": QT_TRANSLATE_NOOP("codes", "Label table"),
    "label-fixed": QT_TRANSLATE_NOOP("codes", "Label, fixed dose"),
    "fixed": QT_TRANSLATE_NOOP("codes", "Fixed"),
    "lmwid-formula": QT_TRANSLATE_NOOP("codes", "Label formula"),
    "blood-loss": QT_TRANSLATE_NOOP("codes", "Blood loss"),
}

_ANALYTES: Mapping[str, object] = {
    "haemoglobin": QT_TRANSLATE_NOOP("codes", "Haemoglobin"),
    "ferritin": QT_TRANSLATE_NOOP("codes", "Ferritin"),
    "transferrin-saturation": QT_TRANSLATE_NOOP("codes", "TSAT"),
    "iron": QT_TRANSLATE_NOOP("codes", "Iron"),
    "tibc": QT_TRANSLATE_NOOP("codes", "TIBC"),
    "uibc": QT_TRANSLATE_NOOP("codes", "UIBC"),
    "transferrin": QT_TRANSLATE_NOOP("codes", "Transferrin"),
    "crp": QT_TRANSLATE_NOOP("codes", "CRP"),
    "phosphate": QT_TRANSLATE_NOOP("codes", "Phosphate"),
    "vitamin-b12": QT_TRANSLATE_NOOP("codes", "B12"),
    "folate": QT_TRANSLATE_NOOP("codes", "Folate"),
    "creatinine": QT_TRANSLATE_NOOP("codes", "Creatinine"),
    "egfr": QT_TRANSLATE_NOOP("codes", "eGFR"),
    "mcv": QT_TRANSLATE_NOOP("codes", "MCV"),
    "mch": QT_TRANSLATE_NOOP("codes", "MCH"),
    "rdw": QT_TRANSLATE_NOOP("codes", "RDW"),
    "rbc": QT_TRANSLATE_NOOP("codes", "Red cells"),
    "haematocrit": QT_TRANSLATE_NOOP("codes", "Haematocrit"),
    "reticulocytes": QT_TRANSLATE_NOOP("codes", "Reticulocytes"),
    "reticulocyte-haemoglobin": QT_TRANSLATE_NOOP("codes", "Reticulocyte haemoglobin"),
    "platelets": QT_TRANSLATE_NOOP("codes", "Platelets"),
    "wbc": QT_TRANSLATE_NOOP("codes", "White cells"),
    "neutrophils": QT_TRANSLATE_NOOP("codes", "Neutrophils"),
    "stfr": QT_TRANSLATE_NOOP("codes", "Soluble transferrin receptor"),
    "hepcidin": QT_TRANSLATE_NOOP("codes", "Hepcidin"),
    "alt": QT_TRANSLATE_NOOP("codes", "ALT"),
    "calcium": QT_TRANSLATE_NOOP("codes", "Calcium"),
    "vitamin-d": QT_TRANSLATE_NOOP("codes", "Vitamin D"),
    "pth": QT_TRANSLATE_NOOP("codes", "PTH"),
    "magnesium": QT_TRANSLATE_NOOP("codes", "Magnesium"),
    "ldh": QT_TRANSLATE_NOOP("codes", "LDH"),
    "bilirubin": QT_TRANSLATE_NOOP("codes", "Bilirubin"),
    "fit": QT_TRANSLATE_NOOP("codes", "FIT"),
}

_CONDITIONS: Mapping[str, object] = {
    "ckd-non-dialysis": QT_TRANSLATE_NOOP("codes", "Kidney disease"),
    "ckd-haemodialysis": QT_TRANSLATE_NOOP("codes", "Haemodialysis"),
    "ckd-peritoneal-dialysis": QT_TRANSLATE_NOOP("codes", "Peritoneal dialysis"),
    "heart-failure": QT_TRANSLATE_NOOP("codes", "Heart failure"),
    "ibd-active": QT_TRANSLATE_NOOP("codes", "IBD, active"),
    "ibd-quiescent": QT_TRANSLATE_NOOP("codes", "IBD, quiet"),
    "cancer": QT_TRANSLATE_NOOP("codes", "Cancer"),
    "autoimmune-inflammatory": QT_TRANSLATE_NOOP("codes", "Autoimmune disease"),
    "coeliac-disease": QT_TRANSLATE_NOOP("codes", "Coeliac disease"),
    "bariatric-surgery": QT_TRANSLATE_NOOP("codes", "Bariatric surgery"),
    "chronic-liver-disease": QT_TRANSLATE_NOOP("codes", "Liver disease"),
    "decompensated-cirrhosis": QT_TRANSLATE_NOOP("codes", "Decompensated cirrhosis"),
    "hereditary-haemorrhagic-telangiectasia": QT_TRANSLATE_NOOP("codes", "HHT"),
    "heavy-menstrual-bleeding": QT_TRANSLATE_NOOP("codes", "Heavy periods"),
    "gi-bleeding": QT_TRANSLATE_NOOP("codes", "Bleeding from the gut"),
    "epistaxis": QT_TRANSLATE_NOOP("codes", "Nosebleeds"),
    "haematuria": QT_TRANSLATE_NOOP("codes", "Blood in the urine"),
    "haemorrhoids": QT_TRANSLATE_NOOP("codes", "Haemorrhoids"),
    "other-bleeding": QT_TRANSLATE_NOOP("codes", "Other bleeding"),
    "active-infection": QT_TRANSLATE_NOOP("codes", "Active infection"),
    "bacteraemia": QT_TRANSLATE_NOOP("codes", "Bacteraemia"),
    "severe-asthma-or-atopy": QT_TRANSLATE_NOOP("codes", "Severe asthma or atopy"),
    "cardiovascular-disease": QT_TRANSLATE_NOOP("codes", "Cardiovascular disease"),
    "on-esa": QT_TRANSLATE_NOOP("codes", "On an ESA"),
    "vitamin-d-deficiency": QT_TRANSLATE_NOOP("codes", "Vitamin D deficiency"),
    "hyperparathyroidism": QT_TRANSLATE_NOOP("codes", "Hyperparathyroidism"),
    "malnutrition": QT_TRANSLATE_NOOP("codes", "Malnutrition"),
}

_SYMPTOMS: Mapping[str, object] = {
    "fatigue": QT_TRANSLATE_NOOP("codes", "Fatigue"),
    "weakness": QT_TRANSLATE_NOOP("codes", "Weakness"),
    "bone-pain": QT_TRANSLATE_NOOP("codes", "Bone pain"),
    "fracture": QT_TRANSLATE_NOOP("codes", "Fracture"),
    "chest-pain": QT_TRANSLATE_NOOP("codes", "Chest pain"),
    "syncope": QT_TRANSLATE_NOOP("codes", "Fainting"),
    "dyspnoea-at-rest": QT_TRANSLATE_NOOP("codes", "Breathless at rest"),
    "tachycardia": QT_TRANSLATE_NOOP("codes", "Fast heartbeat"),
    "confusion": QT_TRANSLATE_NOOP("codes", "Confusion"),
    "melaena": QT_TRANSLATE_NOOP("codes", "Black stools"),
    "haematemesis": QT_TRANSLATE_NOOP("codes", "Vomiting blood"),
    "rectal-bleeding": QT_TRANSLATE_NOOP("codes", "Rectal bleeding"),
    "neurological": QT_TRANSLATE_NOOP("codes", "Numbness or unsteadiness"),
}

_SPECIALITIES: Mapping[str, object] = {
    "haematology": QT_TRANSLATE_NOOP("codes", "haematology"),
    "gastroenterology": QT_TRANSLATE_NOOP("codes", "gastroenterology"),
    "gynaecology": QT_TRANSLATE_NOOP("codes", "gynaecology"),
    "nephrology": QT_TRANSLATE_NOOP("codes", "nephrology"),
    "urology": QT_TRANSLATE_NOOP("codes", "urology"),
    "ent": QT_TRANSLATE_NOOP("codes", "ENT"),
    "endocrinology": QT_TRANSLATE_NOOP("codes", "endocrinology"),
    "obstetrics": QT_TRANSLATE_NOOP("codes", "obstetrics"),
    "urgent-suspected-cancer": QT_TRANSLATE_NOOP("codes", "the urgent suspected cancer clinic"),
    "general-practice": QT_TRANSLATE_NOOP("codes", "general practice"),
}

_CAUSES: Mapping[str, object] = {
    "base": QT_TRANSLATE_NOOP("codes", "First tests for everyone"),
    "dose-not-delivered": QT_TRANSLATE_NOOP("codes", "Dose not delivered"),
    "gi-bleeding": QT_TRANSLATE_NOOP("codes", "Loss from the gut"),
    "heavy-menstrual-bleeding": QT_TRANSLATE_NOOP("codes", "Heavy periods"),
    "epistaxis": QT_TRANSLATE_NOOP("codes", "Nosebleeds"),
    "haematuria": QT_TRANSLATE_NOOP("codes", "Blood in the urine"),
    "inflammation": QT_TRANSLATE_NOOP("codes", "Inflammation"),
    "kidney": QT_TRANSLATE_NOOP("codes", "Kidney disease"),
    "vitamin-deficiency": QT_TRANSLATE_NOOP("codes", "Vitamin deficiency"),
    "other-anaemia": QT_TRANSLATE_NOOP("codes", "Another anaemia"),
    "phosphate": QT_TRANSLATE_NOOP("codes", "Low phosphate"),
    "symptoms": QT_TRANSLATE_NOOP("codes", "Symptoms in spite of full stores"),
    "overload": QT_TRANSLATE_NOOP("codes", "Too much iron"),
    "referral": QT_TRANSLATE_NOOP("codes", "Referral"),
}

_WORK_UP_ITEMS: Mapping[str, object] = {
    "history-bleeding-diet-drugs": QT_TRANSLATE_NOOP("codes", "Ask about bleeding, diet and medicines"),
    "urinalysis": QT_TRANSLATE_NOOP("codes", "Urine dipstick"),
    "coeliac-serology": QT_TRANSLATE_NOOP("codes", "Coeliac screen, tTG-IgA and total IgA"),
    "blood-film": QT_TRANSLATE_NOOP("codes", "Blood film"),
    "liver-function": QT_TRANSLATE_NOOP("codes", "Liver function"),
    "thyroid-function": QT_TRANSLATE_NOOP("codes", "Thyroid function"),
    "calcium-and-phosphate": QT_TRANSLATE_NOOP("codes", "Calcium and phosphate"),
    "helicobacter-pylori": QT_TRANSLATE_NOOP("codes", "Helicobacter pylori test"),
    "autoimmune-gastritis-antibodies": QT_TRANSLATE_NOOP("codes", "Antibodies of autoimmune gastritis"),
    "infusion-record": QT_TRANSLATE_NOOP("codes", "Check the infusion record"),
    "extravasation-or-stopped-early": QT_TRANSLATE_NOOP("codes", "Was it stopped early, or did it leak?"),
    "patient-identity-of-samples": QT_TRANSLATE_NOOP("codes", "Were the samples this patient's?"),
    "gastroscopy": QT_TRANSLATE_NOOP("codes", "Gastroscopy"),
    "colonoscopy": QT_TRANSLATE_NOOP("codes", "Colonoscopy"),
    "capsule-endoscopy-if-negative": QT_TRANSLATE_NOOP("codes", "Capsule endoscopy if both are clear"),
    "pelvic-ultrasound": QT_TRANSLATE_NOOP("codes", "Pelvic ultrasound"),
    "coagulation-and-von-willebrand": QT_TRANSLATE_NOOP("codes", "Clotting and von Willebrand screen"),
    "pregnancy-test": QT_TRANSLATE_NOOP("codes", "Pregnancy test"),
    "endometrial-biopsy-if-45-or-risk": QT_TRANSLATE_NOOP("codes", "Endometrial biopsy, from 45 or at risk?"),
    "curacao-criteria": QT_TRANSLATE_NOOP("codes", "Criteria for HHT (Curaçao)"),
    "haemolysis-screen": QT_TRANSLATE_NOOP("codes", "Haemolysis screen"),
    "gastroscopy-or-capsule": QT_TRANSLATE_NOOP("codes", "Gastroscopy or capsule"),
    "urine-microscopy-and-culture": QT_TRANSLATE_NOOP("codes", "Urine microscopy and culture"),
    "urinary-tract-imaging": QT_TRANSLATE_NOOP("codes", "Imaging of the urinary tract"),
    "faecal-calprotectin": QT_TRANSLATE_NOOP("codes", "Faecal calprotectin"),
    "disease-activity": QT_TRANSLATE_NOOP("codes", "How active is the known disease?"),
    "search-for-hidden-inflammation": QT_TRANSLATE_NOOP("codes", "Look for hidden infection or inflammation"),
    "urine-albumin-creatinine-ratio": QT_TRANSLATE_NOOP("codes", "Urine albumin to creatinine ratio"),
    "esa-response": QT_TRANSLATE_NOOP("codes", "Would an ESA help, or is its dose enough?"),
    "methylmalonic-acid-or-homocysteine": QT_TRANSLATE_NOOP("codes", "Methylmalonic acid or homocysteine"),
    "intrinsic-factor-antibodies": QT_TRANSLATE_NOOP("codes", "Intrinsic factor antibodies"),
    "copper-and-zinc": QT_TRANSLATE_NOOP("codes", "Copper and zinc"),
    "neurological-signs": QT_TRANSLATE_NOOP("codes", "Any numbness, unsteadiness or confusion?"),
    "haemoglobin-electrophoresis": QT_TRANSLATE_NOOP("codes", "Haemoglobin electrophoresis"),
    "serum-protein-electrophoresis-and-light-chains": QT_TRANSLATE_NOOP(
        "codes", "Protein electrophoresis and light chains"
    ),
    "lead": QT_TRANSLATE_NOOP("codes", "Blood lead"),
    "tmprss6": QT_TRANSLATE_NOOP("codes", "TMPRSS6 gene (iron-resistant anaemia)"),
    "bone-marrow-if-cytopenia": QT_TRANSLATE_NOOP("codes", "Bone marrow if other cells are low?"),
    "alkaline-phosphatase": QT_TRANSLATE_NOOP("codes", "Alkaline phosphatase"),
    "urine-phosphate-and-creatinine": QT_TRANSLATE_NOOP("codes", "Urine phosphate and creatinine"),
    "bone-pain-or-fracture": QT_TRANSLATE_NOOP("codes", "Any bone pain or fracture?"),
    "sleep-and-mood": QT_TRANSLATE_NOOP("codes", "Sleep and mood"),
    "heart-and-lung-disease": QT_TRANSLATE_NOOP("codes", "Heart or lung disease?"),
    "other-drugs": QT_TRANSLATE_NOOP("codes", "Other medicines that tire?"),
    "ferritin-and-tsat-again": QT_TRANSLATE_NOOP("codes", "Ferritin and TSAT again"),
    "hfe-genotype": QT_TRANSLATE_NOOP("codes", "HFE genotype (haemochromatosis)"),
    "liver-iron-mri-if-persistent": QT_TRANSLATE_NOOP("codes", "MRI of liver iron if it stays high?"),
}


def work_up_item_name(code: str) -> str:
    """An item of a work-up: a test, a question, or the speciality a referral goes to."""
    if code in _WORK_UP_ITEMS:
        return said(_WORK_UP_ITEMS, code)
    if code in _SPECIALITIES:
        return tr("codes", "Refer to {speciality}").format(speciality=speciality_name(code))
    return analyte_name(code)


def outcome_name(code: str) -> str:
    """An outcome as a chip says it: "Dose too small"."""
    return said(_OUTCOMES, code)


def response_name(code: str) -> str:
    """A class of response: "partial response"."""
    return said(_RESPONSES, code)


def urgency_name(code: str) -> str:
    """How soon a person must look: "Soon"."""
    return said(_URGENCIES, code)


def profile_name(code: str) -> str:
    """Which row of targets applies: "general target"."""
    return said(_PROFILES, code)


def product_name(code: str) -> str:
    """A product with the letters that tell look-alikes apart in capitals: "ferric CARBOXYMALTOSE"."""
    return said(_PRODUCTS, code)


def label_name(code: str) -> str:
    """A product label: "EU label"."""
    return said(_LABELS, code)


def method_name(code: str) -> str:
    """A way to compute the iron need: "Label table"."""
    return said(_METHODS, code)


def analyte_name(code: str) -> str:
    """What is measured: "Haemoglobin"."""
    return said(_ANALYTES, code)


def condition_name(code: str) -> str:
    """A condition: "Heart failure"; hypersensitivity names its product."""
    if code.startswith("hypersensitivity:"):
        product = product_name(code.partition(":")[2])
        return tr("codes", "Hypersensitivity to {product}").format(product=product)
    return said(_CONDITIONS, code)


def symptom_name(code: str) -> str:
    """A symptom: "Fatigue"."""
    return said(_SYMPTOMS, code)


def speciality_name(code: str) -> str:
    """Where a patient is referred to: "gastroenterology"."""
    return said(_SPECIALITIES, code)


def cause_name(code: str) -> str:
    """A suspected cause of a work-up: "Loss from the gut"."""
    return said(_CAUSES, code)


def action_name(code: str) -> str:
    """A next step without its detail: "Repeat infusion"."""
    return said(_ACTIONS, code)


def action_words(code: str, detail: Mapping[str, object] | None = None) -> str:
    """A next step with what it is about: "Repeat infusion, 1,000 mg", "Refer to ENT"."""
    detail = detail or {}
    if code == "refer" and detail.get("to"):
        return tr("codes", "Refer to {speciality}").format(speciality=speciality_name(str(detail["to"])))
    if code == "review-results" and detail.get("outcome"):
        outcome = outcome_name(str(detail["outcome"]))
        return tr("codes", "Review results: {outcome}").format(outcome=outcome[:1].lower() + outcome[1:])
    if code == "work-up":
        return _work_up(detail)
    if code == "switch-product":
        return _switch(detail)
    dose = _dose(detail)
    return f"{action_name(code)}, {milligrams(dose)}" if dose else action_name(code)


def _dose(detail: Mapping[str, object]) -> Decimal | None:
    for name in ("dose_mg", "total_mg", "owed_mg"):
        try:
            dose = Decimal(str(detail.get(name)))
        except InvalidOperation:
            continue
        if dose.is_finite() and dose > 0:
            return dose
    return None


def _work_up(detail: Mapping[str, object]) -> str:
    causes = detail.get("causes")
    names = [cause_name(str(code)) for code in causes] if isinstance(causes, list | tuple) else []
    named = [name[:1].lower() + name[1:] if name[1:2].islower() else name for name in names]
    return (
        tr("codes", "Work-up: {causes}").format(causes=", ".join(named)) if named else action_name("work-up")
    )


def _switch(detail: Mapping[str, object]) -> str:
    products = detail.get("products")
    names = [product_name(str(code)) for code in products] if isinstance(products, list | tuple) else []
    if not names:
        return action_name("switch-product")
    return tr("codes", "Switch to {products}").format(products=tr("codes", " or ").join(names))
