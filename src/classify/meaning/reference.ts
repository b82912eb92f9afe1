import type { LiteralGroup } from '../scan/lexicon.ts'
import type { Scan } from '../scan/scan.ts'
import type { Sentence } from './sentence.ts'

/** How a sentence speaks of someone. Strong: a definite person, even inside a question. */
export interface Reference {
  readonly how: 'name' | 'pronoun' | 'role'
  readonly strong: boolean
}

const ROLES =
  'adjoint|adjointe|dirigeant|dirigeante|responsable|patient|patiente|salarié|salariée|employé|employée|collègue|collaborateur|collaboratrice|candidat|candidate|client|cliente|élève|étudiant|étudiante|voisin|voisine|mari|femme|épouse|époux|conjoint|conjointe|compagnon|compagne|fils|fille|enfant|bébé|mère|père|maman|papa|frère|soeur|grand-mère|grand-père|oncle|tante|cousin|cousine|ami|amie|chef|manager|directeur|directrice|assistant|assistante|apprenti|apprentie|stagiaire|assuré|assurée|prévenu|détenu|bénéficiaire|locataire|résident|résidente|électeur|électrice|adhérent|adhérente|ouvrier|technicien|technicienne|ingénieur|comptable|commercial|commerciale|secrétaire|infirmière|chauffeur|associé|associée|dossier de|demandeur|demandeuse|plaignant|plaignante|usager|usagère|membre|équipe|cv|cvs|' +
  'employee|colleague|coworker|co-worker|teammate|candidate|applicant|customer|student|pupil|neighbour|neighbor|husband|wife|spouse|partner|son|daughter|child|baby|mother|father|mum|mom|dad|brother|sister|uncle|aunt|friend|boss|supervisor|report|direct report|tenant|member|user|intern|nurse|driver|resident|claimant|defendant|plaintiff|engineer|accountant|secretary|worker|contractor|subordinate|staff|team|hire|new hire|voter|person|guy|lady|man|woman|inmate|suspect|résumé|resume|resumes|client'

const DETERMINED =
  /(?:^|[\s(«"“'’])(?:mon|ma|mes|notre|nos|son|sa|ses|leur|leurs|votre|vos|cet|cette|ces|ce|my|our|his|her|their|your|this|that|these|those|l['’]un de nos|one of our|one of my|une de mes|un de mes)\s+(?:[\p{L}’'-]{1,16}\s+){0,2}$/iu
const DEFINITE =
  /(?:^|[\s(«"“'’])(?:le|la|l['’]|the|du|au|d['’]une?|d['’]un|une?|an?)\s*(?:[\p{L}-]{1,16}\s+)?$/iu
const PLURAL = /[sx]$/i
/** Sorting, guessing or listing people is processing them, whoever they are. */
const SORTING =
  /\b(?:classe[zr]?|tri(?:e[zr]?|er)|devine[zr]?|déduis|déduire|déduite?s?|identifie[zr]?|repère[zr]?|liste[zr]?|liste des|signale[zr]?|filtre[zr]?|infère|supposée?s?|sort|guess|infer|inferred|deduce|rank|list of|list (?:all|our|the)|flag|identify|profile|figure out|tell me (?:who|which)|find out (?:who|which)|who (?:on|in|among)|qui (?:dans|parmi|est|sont)|which (?:of|employees|candidates|staff|members)|quels? (?:salarié|employé|candidat|collègue|membre)s?|match(?:es|ing)?|associe[zr]?|compare[zr]?)\b/i
const PRONOUN =
  /(?:^|[\s,;:(«"“'’-])(?:il|elle|ils|elles|he|she|they)(?:['’](?:s|d|re|ve))?\s+(?:[a-zàéèêûîôç]{1,10}\s+){0,2}(?:a|est|ont|sont|souffre|souffrent|prend|suit|avait|était|vient|attend|a été|porte|pratique|vote|milite|refuse|was|is|has|had|have|are|were|suffers?|takes?|disclosed|told|needs?|got|tested|converted|belongs?)(?=[\s,.;])/iu
const PRONOUN_SHORT =
  /(?:^|[\s,;:(«"“'’-])(?:he['’]s|she['’]s|they['’]re|qu['’](?:il|elle) (?:a|est|souffre)|lui a|l['’]a)(?=[\s,.;])/iu
const FIRST_PERSON =
  /(?:^|[\s,;:(«"“'’-])(?:j['’]ai|je suis|je souffre|je prends|je vis|j['’]attends|on m['’]a|m['’]a été|m['’]a diagnostiqué|mon (?:diagnostic|traitement|cancer|arrêt|médecin|psy|diabète|vih|dossier médical|bilan|handicap)|ma (?:grossesse|maladie|dépression|santé|sclérose|séropositivité|religion|foi|fécondation)|mes (?:analyses|résultats|symptômes|antécédents)|i['’]m|i am|i['’]ve been|i have|i had|i was|i suffer|i take|i got|my (?:diagnosis|treatment|cancer|doctor|therapist|pregnancy|depression|illness|condition|disability|symptoms|results|diabetes|medical|sick leave|hiv|religion|faith))(?=[\s,.;])/iu
const AGE =
  /\b\d{1,3}[- ](?:year|yr|yo|month|week)s?[- ]?(?:old)?\b|\b\d{1,3} ?(?:y\/o|yo)\b|\b(?:homme|femme|patiente?|fille|garçon|enfant|salariée?|monsieur|madame|agée?|âgée?) (?:de )?\d{1,3} ans\b|\b[HF] ?,? ?\d{1,3} ans\b|\b\d{1,3} ?ans\b/i
const RECORD =
  /\b(?:discharge summary|medical records?|medical report|clinical notes?|case notes?|dossier médical|compte[- ]rendu (?:médical|opératoire|d['’](?:hospitalisation|examen|imagerie)|de consultation)|lettre de liaison|ordonnance de|lettre de sortie|certificat médical|courrier de sortie|bulletin d['’]hospitalisation|antécédents|observation médicale|patient (?:notes?|records?|history|file)|lab results|résultats d['’]analyses?)\b/i

export const ROLE_GROUP: LiteralGroup = { name: 'role', standing: 'stem', words: ROLES.split('|') }

/** "son salaire", "her chemotherapy": what is said belongs to someone. */
const THEIR = /(?:^|[\s(«"“'’])(?:son|sa|ses|leurs?|his|her|their)\s+(?:[\p{L}’'-]{1,16}\s+)?$/iu

/** Whether a possessive of the third person stands right before `start`. */
export const isTheirs = (scan: Scan, start: number): boolean =>
  THEIR.test(scan.text.slice(Math.max(0, start - 32), start))

/** Who a sentence speaks of, the surest first; undefined when it speaks of nobody. */
export function referenceIn(scan: Scan, sentence: Sentence): Reference | undefined {
  // a list of names may follow on its own lines
  const reach = /:\s*$/.test(sentence.text) ? sentence.end + 60 : sentence.end
  if (scan.hasPerson(sentence.start, reach)) return { how: 'name', strong: true }
  const { text } = sentence
  if (FIRST_PERSON.test(text)) return { how: 'pronoun', strong: true }
  const role = roleIn(scan, sentence)
  if (role?.strong === true) return role
  if (AGE.test(text) || RECORD.test(text)) return { how: 'role', strong: true }
  if (PRONOUN.test(text) || PRONOUN_SHORT.test(text)) return { how: 'pronoun', strong: false }
  return role
}

function roleIn(scan: Scan, sentence: Sentence): Reference | undefined {
  const hits = scan.hits('role')
  let weak: Reference | undefined
  for (let i = hits.after(sentence.start); i < hits.length; i++) {
    const start = hits.starts[i] ?? 0
    if (start >= sentence.end) break
    const before = scan.text.slice(Math.max(sentence.start, start - 40), start)
    const plural = PLURAL.test(scan.text.slice(start, (hits.ends[i] ?? 0) + 1).trim())
    scan.steps.spend(40)
    if (DETERMINED.test(before) || /^\s*$/.test(before)) return { how: 'role', strong: true }
    if (SORTING.test(sentence.text)) return { how: 'role', strong: true }
    if (!plural && DEFINITE.test(before)) weak ??= { how: 'role', strong: false }
  }
  return weak
}
