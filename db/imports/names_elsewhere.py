"""What laboratories of other countries call a test, and what English-speaking ones call it besides its usual names.

Names only: the protocol says what an analyte is, in which units it is measured and what of it can be believed. Case,
accents, blanks and punctuation are levelled before the look-up, so `Fósforo` needs no second entry without its accent.
A name stands here only when it means exactly one analyte to whoever reads it in its own country; one that may mean a
related test as well (`coefficient de saturation`, `HbE`, `neutrophils %`) is left for a person.
"""

from __future__ import annotations

from typing import Final

NAMES: Final[dict[str, str]] = {
    "haemoglobin": "emoglobina|hæmoglobin|hemoglobiini|hemoglobin hgb|hgb hemoglobin|hemoglobin hb|"
    "haemoglobin hb|haemoglobin hgb|hémoglobine hb|hemoglobina hb|total haemoglobin|total hemoglobin|"
    "haemoglobin total|hemoglobin total|haemoglobin estimation|hemoglobin blood|hb haemoglobin|"
    "hb hemoglobin",
    "ferritin": "ferritin serum|ferritina sérica|ferritine sérique|ferritina en suero|ferritin lvl|"
    "ferritin quant|ferrytyna|ferritiini|ferritín|serum ferritine|ferritina sierica|ferritin i s|"
    "ferritin im serum|ferr|ferritinemia|ferritinémie",
    "transferrin-saturation": "saturación de transferrina|saturación de la transferrina|"
    "índice de saturación de transferrina|índice de saturación de la transferrina|ist índice de saturación|"
    "porcentaje de saturación de transferrina|saturação de transferrina|saturação da transferrina|"
    "índice de saturação da transferrina|saturation de la transferrine|"
    "coefficient de saturation de la transferrine|coefficient de saturation transferrine|"
    "coefficient de saturation en fer de la transferrine|saturazione della transferrina|"
    "saturazione transferrina|transferrine saturatie|transferrineverzadiging|ijzerverzadiging|"
    "ijzersaturatie|transferrinmætning|transferrinmetning|transferrinmättnad|järnmättnad|jernmetning|"
    "jernmætning|transferrinsättigung i s|wysycenie transferyny|% transferrin sat|transferrin % saturation|"
    "transferrin % sat|iron % sat|iron % saturation|% iron saturation|% iron sat|iron sat %|"
    "iron saturation %|percent iron saturation|iron percent saturation|percent saturation iron|"
    "saturation iron|transferrin sat %|transferrin saturation %|tsat %|tsat transferrin saturation|"
    "transferrin saturation tsat|percent transferrin saturation|iron saturation percent|fe saturation|"
    "tibc % saturation|% sat|iron saturation index|tf sättigung|ist|sat transferrina|sat transferrine|"
    "% saturation tibc|saturation of iron binding capacity",
    "iron": "hierro sérico|hierro en suero|hierro plasmático|ferro sérico|ferro|fer|fer sérique|"
    "fer plasmatique|fer sérum|sideremia|ferro sierico|ijzer|serum ijzer|jern|järn|s järn|żelazo|žel|rauta|"
    "eisen i s|eisen im serum|iron total|total iron|iron lvl|iron serum total|fe iron|iron fe|"
    "serum iron level|serum iron fe",
    "tibc": "capacidad total de fijación de hierro|capacidad total de fijación del hierro|"
    "capacidad total de unión al hierro|capacidade total de ligação do ferro|"
    "capacidade total de fixação do ferro|capacité totale de fixation du fer|"
    "capacité totale de fixation de la transferrine|capacité totale de fixation|ctff|"
    "capacità totale legante il ferro|totale ijzerbindingscapaciteit|total jernbindingskapacitet|"
    "totale eisenbindungskapazität|total iron binding cap|iron binding cap total|"
    "iron binding capacity tibc|iron binding cap tibc|iron bind cap tibc|tibc total iron binding capacity|"
    "total iron binding capacity tibc|iron bind cap total|total iron bind capacity",
    "uibc": "unsat iron binding capacity|unsat iron bind capacity|iron binding cap unsat|"
    "unsat iron bind cap|unsaturated iron binding cap|uibc unsaturated iron binding capacity|"
    "unsaturated iron binding capacity uibc|unbound iron binding capacity|latent iron binding capacity|"
    "latente eisenbindungskapazität|freie eisenbindungskapazität|libc",
    "transferrin": "transferrina|transferrina sérica|transferrine|transferrine sérique|transferriini|"
    "transferyna|transferrin i s|transferrin serum|transferrin lvl",
    "crp": "proteína c reactiva|proteína c reativa|pcr proteína c reactiva|protéine c réactive|"
    "protéine c réactive crp|proteina c reattiva|c reactief proteïne|c reaktivt protein|"
    "c reaktiivinen proteiini|białko c reaktywne|crp c reactive protein|c reactive protein crp|"
    "c reactive protein quant|c reactive protein quantitative|crp quantitative|crp quant|crp ultrasensible|"
    "crp us|hs crp|crp hs|crp high sens|c reactive protein high sensitivity|high sensitivity crp|"
    "high sensitivity c reactive protein|crp high sensitivity|c reaktives protein crp|"
    "crp c reaktives protein|c reactive prot",
    "phosphate": "fósforo|fosfato|fosfatos|fósforo inorgánico|fósforo inorgânico|fosfato inorgánico|"
    "phosphore|phosphates|phosphore inorganique|phosphorémie|fosforo|fosforo inorganico|fosfaat|"
    "anorganisch fosfaat|fosfat|fosfor|fosfor nieorganiczny|fosfaatti|phosphat anorganisch|phosphat anorg|"
    "anorganisches phosphat|phosphor|phos inorganic|phosphorus lvl|phosphate lvl|phosphate inorg|"
    "inorganic phosphorus|phosphate serum",
    "vitamin-b12": "vitamina b12|vitamine b12|vitamin b12 cobalamin|cobalamin vitamin b12|cobalamina|"
    "cobalamine|witamina b12|b12 vitamin|vitamin b12 lvl|vitamin b 12|kobalamin|b12 vitamiini|"
    "vitamin b12 serum",
    "folate": "ácido fólico|folato|folatos|folato sérico|folates|folates sériques|acide folique|folati|"
    "acido folico|foliumzuur|folaat|folat|kwas foliowy|folaatti|folate folic acid|folic acid folate|"
    "folate serum|folic acid serum|folate lvl|folic acid level|folsyra",
    "creatinine": "creatinina|creatinina sérica|creatinina en suero|créatinine|créatinine sérique|"
    "créatininémie|kreatinine|kreatynina|kreatininium|kreatiniini|kreatinin i s|kreatinin im serum|"
    "kreatinin serum|creatinine lvl|creatinine blood|creatinine enzymatic|creat serum|creatininium",
    "egfr": "egfr ckd epi|egfr ckd epi 2021|ckd epi egfr|egfr 2021 ckd epi|egfr creatinine|"
    "egfr estimated glomerular filtration rate|estimated glomerular filtration rate|estimated gfr egfr|"
    "dfg estimé ckd epi|dfg ckd epi|dfg estimé|débit de filtration glomérulaire estimé|"
    "filtrado glomerular estimado|filtrado glomerular ckd epi|tfg estimada|"
    "taxa de filtração glomerular estimada|gfr ckd epi|egfr ckd epi cr 2021|geschätzte gfr|gfr n ckd epi|"
    "egfr nach ckd epi|glomerulaire filtratiesnelheid",
    "mcv": "vcm|vgm|volumen corpuscular medio|volume corpuscular médio|volume globulaire moyen|"
    "volume corpusculaire moyen|volume corpuscolare medio|mean corpuscular vol|mean cell vol|"
    "volumen corpuscular medio vcm|mcv mean cell volume|mean cell volume mcv|mean corpuscular volume mcv|"
    "mittleres zellvolumen",
    "mch": "hcm|tcmh|hemoglobina corpuscular media|hemoglobina corpuscular média|"
    "teneur corpusculaire moyenne en hémoglobine|mch mean cell haemoglobin|mean cell haemoglobin mch|"
    "mean corpuscular hemoglobin mch|mean corp hgb|contenuto emoglobinico medio",
    "rdw": "rdw cv|red cell distribution width rdw|red cell dist width|red blood cell distribution width|"
    "rdw rdw cv|ancho de distribución eritrocitaria|ade|rdw red cell distribution width|"
    "indice de distribution des érythrocytes|erythrozytenverteilungsbreite",
    "rbc": "eritrocitos|hematíes|glóbulos rojos|recuento de hematíes|recuento de eritrocitos|hemácias|"
    "eritrócitos|hématies|globules rouges|érythrocytes|eritrociti|globuli rossi|erytrocyten|erytrocytter|"
    "erytrocyter|erytrocyty|erytrosyytit|krwinki czerwone|b epk|rbc count|red cell count rbc|"
    "red blood cell count rbc|red blood cells rbc|rbc red blood cell count|red blood cell rbc count|"
    "erythrocyte count|red blood cell|erytrosytter",
    "haematocrit": "hematocrito|hematócrito|hématocrite|ematocrito|hematocriet|hæmatokrit|hematokrit|"
    "hematokryt|hematokriitti|hct hematocrit|hematocrit hct|haematocrit hct|haematocrit pcv|"
    "pcv haematocrit|packed cell vol|erythrozytenvolumenfraktion|b evf",
    "reticulocytes": "reticulocitos|reticulócitos|réticulocytes|reticolociti|reticulocyten|retikulocytter|"
    "retikulocyter|retykulocyty|retikulosyytit|recuento de reticulocitos|retic count|reticulocyte ct|"
    "retic ct|reticulocyte %|retic %|% retic|% reticulocyte|reticulocytes %|reticulocyte percent|"
    "reticulocyte count %|retic count %|retic percent|reticulocyte absolute|reticulocytes absolute|"
    "absolute reticulocytes|absolute reticulocyte count|retic absolute|absolute retic|retic abs|retic #|"
    "reticulocyte abs|absolute retic count|reticulocytes abs|retikulozyten absolut|retikulozyten %",
    "reticulocyte-haemoglobin": "retic hgb|retic hb|retic he|reticulocyte hgb|reticulocyte hb|"
    "reticulocyte hemoglobin equivalent|retic hemoglobin|retic haemoglobin|ret he|ret hb|"
    "rethe reticulocyte hemoglobin|reticulocyte haemoglobin content|hemoglobina reticulocitaria|"
    "contenido de hemoglobina reticulocitaria|hémoglobine réticulocytaire|retikulozytenhämoglobin|"
    "retikulozyten hämoglobin|retic hgb equivalent|retic he reticulocyte hemoglobin equivalent|"
    "chr reticulocyte hemoglobin content",
    "platelets": "plaquetas|recuento de plaquetas|contagem de plaquetas|plaquettes|numération plaquettaire|"
    "piastrine|trombocyten|bloedplaatjes|trombocytter|trombocyter|trombosytter|płytki krwi|trombocyty|"
    "trombosyytit|b tpk|platelet count automated|platelet count plt|plt platelet count|platelets plt|"
    "platelet ct|platelets automated|platelet count auto|platelet|thrombocyte count",
    "wbc": "leucocitos|leucócitos|glóbulos blancos|glóbulos brancos|recuento de leucocitos|"
    "leucocytes totaux|globules blancs|leucociti|globuli bianchi|leukocyten|leukocytter|leukocyter|"
    "leukosytter|leukocyty|leukosyytit|b lpk|krwinki białe|wbc count|white blood cell wbc count|"
    "white blood cell count wbc|wbc white blood cell count|white cell count wbc|white blood count|"
    "white blood cells wbc|leukocyte count|white cells|total white cell count|total wbc count|wbc total|"
    "total leucocyte count|total leukocyte count|tlc total leucocyte count",
    "neutrophils": "absolute neutrophils|neutrophils abs|neutrophil abs|abs neutrophils|"
    "neutrophil absolute|neutrophils #|neut #|neut abs|abs neut|absolute neut|neutrophil count absolute|"
    "neutrophils absolute count|absolute neutrophil count anc|abs neutrophil count|"
    "anc absolute neutrophil count|neutrophil ct absolute|polynucléaires neutrophiles|neutrofili|"
    "neutrófilos absolutos|neutrofielen|neutrofile granulocytter|neutrofile|neutrófilos|"
    "neutrofilos absolutos",
    "stfr": "löslicher transferrinrezeptor|löslicher transferrin rezeptor|receptor soluble de transferrina|"
    "receptor soluble de la transferrina|récepteur soluble de la transferrine|"
    "transferrin receptor soluble serum|oplosbare transferrinereceptor|löslig transferrinreceptor|"
    "soluble transferrin receptor stfr|stfr soluble transferrin receptor|"
    "recettore solubile della transferrina",
    "hepcidin": "hepcidina|hepcidine|hepcidin 25 serum|hepzidin",
    "alt": "alat gpt|gpt alat|alt sgpt|sgpt alt|alt gpt|gpt alt|alanina aminotransferasa|"
    "alanine aminotransférase|alanine aminotransferase alt|alt alanine aminotransferase|"
    "alanine aminotransferase alt sgpt|tgp|tgp alat|alat tgp|alanina aminotransferase|alt serum|"
    "alanine transaminase alt|alaniiniaminotransferaasi",
    "calcium": "calcio|calcio total|calcémie|kalcium|wapń|wapń całkowity|calcium lvl|calcium serum|"
    "total calcium|calcium gesamt|calcio totale|calcium adjusted|calcium corrected|calcium total serum|"
    "adjusted calcium serum",
    "vitamin-d": "vitamina d|vitamina d 25 oh|25 oh vitamina d|25 hidroxivitamina d|vitamine d|"
    "25 oh vitamine d|25 hydroxyvitamine d|vitamine d 25 oh|vitamin d 25 oh|25 oh vitamin d total|"
    "vitamin d 25 hydroxy total|vitamin d total 25 hydroxy|vitamin d 25 oh total|25 hydroxyvitamin d total|"
    "total 25 hydroxyvitamin d|25 oh vit d|vit d 25 oh|25 hydroxy vitamin d|vitamin d 25 hydroxy lvl|"
    "25 hydroxy vitamin d total|witamina d 25 oh|25 hydroxy vitamin d3|25 oh vitamin d3|"
    "25 hydroxyvitamin d3|vitamina d 25 hidroxi|vitamin d total",
    "pth": "parathormone intacte|parathormona|paratohormona|pth intacta|pth intacte|hormona paratiroidea|"
    "parathormon|paratohormona intacta|pth intakt|intaktes parathormon|paratormone|pth intact serum|"
    "parathyroid hormone intact|pth parathyroid hormone|parathyroid hormone pth|intact parathyroid hormone|"
    "bijschildklierhormoon|parathyrin intakt|intact pth serum",
    "magnesium": "magnesio|magnésio|magnésium|magnesium lvl|magnesium serum|magnez|magnesium i s",
    "ldh": "lactato deshidrogenasa|lactate déshydrogénase|ldh lactate dehydrogenase|"
    "lactate dehydrogenase ldh|laktatdehydrogenase|lattico deidrogenasi|desidrogenase láctica|"
    "lactaatdehydrogenase|ld lactate dehydrogenase|lactate dehydrogenase ld",
    "bilirubin": "bilirrubina total|bilirubine totale|bilirubina totale|bilirubina całkowita|"
    "bilirubin gesamt|gesamtbilirubin|total bilirubine|bilirubin total serum|bilirubin total blood|"
    "bilirubine totaal|bilirrubina",
    "": "glycated hemoglobin|hemoglobina glicosilada|hemoglobina glucosilada|hemoglobina glicada|"
    "hemoglobina a1c|hémoglobine glyquée|hémoglobine glyquée hba1c|emoglobina glicata|"
    "geglyceerd hemoglobine|concentración de hemoglobina corpuscular media|"
    "concentration corpusculaire moyenne en hémoglobine|plasma free haemoglobin|plasma free hemoglobin|"
    "free haemoglobin|free hemoglobin|haemoglobin free|hemoglobin free|calcium ionized|calcium ionised|"
    "ionized calcium|ionised calcium|calcio iónico|calcium ionisé|calcio ionizzato|bilirubin direct|"
    "bilirubin indirect|direct bilirubin|indirect bilirubin|bilirubin conjugated|bilirubin unconjugated|"
    "bilirrubina directa|bilirrubina indirecta|rbc folate|red cell folate|red blood cell folate|folate rbc|"
    "mean platelet volume|mean platelet vol|immature platelet fraction|fetal hemoglobin|fetal haemoglobin|"
    "hemoglobin electrophoresis|haemoglobin electrophoresis|immature reticulocyte fraction|neutrophils %|"
    "neutrophil %|% neutrophils|neutrófilos %|nucleated rbc|nucleated red blood cells|"
    "nucleated red blood cell count|creatinine clearance|urine creatinine|urine calcium|urine phosphate",
}
"""Names by analyte, parted by `|`; under the empty word stands what is another test altogether and not followed."""
