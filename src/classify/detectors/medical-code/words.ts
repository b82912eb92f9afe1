import type { LiteralGroup } from '../../scan/lexicon.ts'

const group = (name: string, words: string): LiteralGroup => ({
  name,
  standing: 'word',
  words: words.split('|'),
})

/** Names of the code systems, as they stand beside their codes. */
export const CODE_WORDS: readonly LiteralGroup[] = [
  group('ccam', 'ccam|code ccam|acte ccam|actes ccam|acte|actes|cotation|codage'),
  group('loinc', 'loinc|code loinc|loinc code'),
  group('snomed', 'snomed|snomed ct|snomed-ct|sctid|concept id'),
]

/** Usual analyses of blood and urine, French and English, with their abbreviations (nomenclature des actes de biologie médicale; LOINC common tests). */
export const ANALYTES: readonly string[] =
  'hémoglobine|hémoglobine glyquée|hématocrite|leucocytes|lymphocytes|plaquettes|ferritine|glycémie|glycémie à jeun|glucose|hba1c|créatinine|créatininémie|clairance|urée|acide urique|natrémie|kaliémie|sodium|potassium|calcémie|crp|vs|tsh|t4 libre|psa|inr|tp|d-dimères|troponine|bnp|nt-probnp|asat|alat|ggt|bilirubine|albumine|lipase|cholestérol|ldl|hdl|triglycérides|cd4|charge virale|bêta-hcg|hcg|vitamine d|cortisol|testostérone|alcoolémie|protéinurie|microalbuminurie|saturation|spo2|hemoglobin|haemoglobin|hematocrit|wbc|white cells|platelets|ferritin|fasting glucose|creatinine|egfr|urea|uric acid|calcium|troponin|bilirubin|albumin|cholesterol|triglycerides|viral load|cortisol|testosterone|blood alcohol|proteinuria|oxygen saturation'.split(
    '|',
  )
