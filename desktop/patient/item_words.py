"""What a work-up asks for, in words: tests, referrals and questions by their codes."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop.wording import analyte_name, speciality_name

_ITEMS: Mapping[str, object] = {
    "alkaline-phosphatase": QT_TRANSLATE_NOOP("items", "Alkaline phosphatase"),
    "autoimmune-gastritis-antibodies": QT_TRANSLATE_NOOP("items", "Antibodies for autoimmune gastritis"),
    "blood-film": QT_TRANSLATE_NOOP("items", "Blood film"),
    "bone-marrow-if-cytopenia": QT_TRANSLATE_NOOP("items", "Bone marrow, if other cell lines are low"),
    "bone-pain-or-fracture": QT_TRANSLATE_NOOP("items", "Bone pain or a fracture?"),
    "calcium-and-phosphate": QT_TRANSLATE_NOOP("items", "Calcium and phosphate"),
    "capsule-endoscopy-if-negative": QT_TRANSLATE_NOOP("items", "Capsule endoscopy, if nothing is found"),
    "coagulation-and-von-willebrand": QT_TRANSLATE_NOOP("items", "Coagulation and von Willebrand factor"),
    "coeliac-serology": QT_TRANSLATE_NOOP("items", "Coeliac screen (tTG-IgA)"),
    "colonoscopy": QT_TRANSLATE_NOOP("items", "Colonoscopy"),
    "copper-and-zinc": QT_TRANSLATE_NOOP("items", "Copper and zinc"),
    "curacao-criteria": QT_TRANSLATE_NOOP("items", "Hereditary telangiectasia: signs and family?"),
    "disease-activity": QT_TRANSLATE_NOOP("items", "How active is the inflammatory disease?"),
    "endometrial-biopsy-if-45-or-risk": QT_TRANSLATE_NOOP(
        "items", "Endometrial biopsy needed (age or risk)?"
    ),
    "esa-response": QT_TRANSLATE_NOOP("items", "Response to erythropoietin treatment?"),
    "extravasation-or-stopped-early": QT_TRANSLATE_NOOP("items", "Leaked beside the vein, or stopped early?"),
    "faecal-calprotectin": QT_TRANSLATE_NOOP("items", "Faecal calprotectin"),
    "ferritin-and-tsat-again": QT_TRANSLATE_NOOP("items", "Ferritin and TSAT again"),
    "fit": QT_TRANSLATE_NOOP("items", "Faecal blood test (FIT)"),
    "gastroscopy": QT_TRANSLATE_NOOP("items", "Gastroscopy"),
    "gastroscopy-or-capsule": QT_TRANSLATE_NOOP("items", "Gastroscopy or capsule endoscopy"),
    "haemoglobin-electrophoresis": QT_TRANSLATE_NOOP("items", "Haemoglobin electrophoresis"),
    "haemolysis-screen": QT_TRANSLATE_NOOP("items", "Haemolysis screen"),
    "heart-and-lung-disease": QT_TRANSLATE_NOOP("items", "Heart or lung disease?"),
    "helicobacter-pylori": QT_TRANSLATE_NOOP("items", "Helicobacter pylori"),
    "hfe-genotype": QT_TRANSLATE_NOOP("items", "HFE genotype"),
    "history-bleeding-diet-drugs": QT_TRANSLATE_NOOP("items", "Bleeding, diet and drugs: ask again"),
    "infusion-record": QT_TRANSLATE_NOOP("items", "Check the infusion record"),
    "intrinsic-factor-antibodies": QT_TRANSLATE_NOOP("items", "Intrinsic factor antibodies"),
    "lead": QT_TRANSLATE_NOOP("items", "Lead"),
    "liver-function": QT_TRANSLATE_NOOP("items", "Liver function"),
    "liver-iron-mri-if-persistent": QT_TRANSLATE_NOOP("items", "Liver iron by MRI, if it persists"),
    "methylmalonic-acid-or-homocysteine": QT_TRANSLATE_NOOP("items", "Methylmalonic acid or homocysteine"),
    "neurological-signs": QT_TRANSLATE_NOOP("items", "Neurological signs?"),
    "other-drugs": QT_TRANSLATE_NOOP("items", "Other drugs that matter?"),
    "patient-identity-of-samples": QT_TRANSLATE_NOOP("items", "Were the samples this patient's?"),
    "pelvic-ultrasound": QT_TRANSLATE_NOOP("items", "Pelvic ultrasound"),
    "pregnancy-test": QT_TRANSLATE_NOOP("items", "Pregnancy test"),
    "search-for-hidden-inflammation": QT_TRANSLATE_NOOP("items", "Hidden inflammation?"),
    "serum-protein-electrophoresis-and-light-chains": QT_TRANSLATE_NOOP(
        "items", "Serum electrophoresis and light chains"
    ),
    "sleep-and-mood": QT_TRANSLATE_NOOP("items", "Sleep and mood?"),
    "thyroid-function": QT_TRANSLATE_NOOP("items", "Thyroid function"),
    "tmprss6": QT_TRANSLATE_NOOP("items", "TMPRSS6 gene"),
    "urinalysis": QT_TRANSLATE_NOOP("items", "Urine dipstick"),
    "urinary-tract-imaging": QT_TRANSLATE_NOOP("items", "Imaging of the urinary tract"),
    "urine-albumin-creatinine-ratio": QT_TRANSLATE_NOOP("items", "Urine albumin/creatinine ratio"),
    "urine-microscopy-and-culture": QT_TRANSLATE_NOOP("items", "Urine microscopy and culture"),
    "urine-phosphate-and-creatinine": QT_TRANSLATE_NOOP("items", "Urine phosphate and creatinine"),
}


def item_name(code: str, kind: str, refer_to: str | None) -> str:
    """A line of the checklist: "Gastroscopy", "Referral: gastroenterology", "Ferritin"."""
    if kind == "referral" and refer_to:
        said = QCoreApplication.translate("items", "Referral: {to}")
        return said.format(to=speciality_name(refer_to))
    if code in _ITEMS:
        return QCoreApplication.translate("items", str(_ITEMS[code]))
    return analyte_name(code)
