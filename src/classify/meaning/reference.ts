import type { Scan } from '../scan/scan.ts'
import { plain, plainly } from './plain.ts'
import type { Sentence } from './sentence.ts'

/** How a sentence speaks of someone. Strong: a definite person, even inside a question. */
export interface Reference {
  readonly how: 'name' | 'pronoun' | 'role'
  readonly strong: boolean
}

const DETERMINED =
  /(?:^|[\s(«"“'])(?:mon|ma|mes|notre|nos|son|sa|ses|leurs?|votre|vos|ton|ta|tes|cet|cette|ces|ce|my|our|his|her|their|your|this|that|these|those|l'un de nos|one of our|one of my|une? de mes|chaque|each|every|deux|trois|quatre|two of|two|three|four|parmi ces|among these|nouvelle|nouveau|jeune|petite?|employee|patiente?|salariee?|eleve|agent)\s+(?:[\p{L}'-]{1,16}\s+){0,2}$/iu
const DEFINITE =
  /(?:^|[\s(«"“'])(?:le|la|l'|the|du|au|aux|des|les|d'une?|une?|an?)\s*(?:[\p{L}-]{1,16}\s+)?$/iu
const PLURAL = /[sx]$/i
/** Sorting, guessing or listing people is processing them, whoever they are. */
const SORTING = plainly(
  /\b(?:classe[zr]?|tri(?:e[zr]?|er)|devine[zr]?|déduis|déduire|déduite?s?|identifie[zr]?|repère[zr]?|liste[zr]?|liste des|dresse[zr]? la liste|signale[zr]?|filtre[zr]?|infère|estime[zr]?|supposée?s?|ajoute[zr]? une colonne|colonne|fichier des|fichier du|dédoublonne|compte[zr]? les|surveille[zr]?|sort|score|guess|estimate|infer|inferred|deduce|rank|screen|list of|list (?:all|our|the|them)|export (?:of|the|them)|table of|spreadsheet|flag|identify|profile|figure out|tell me (?:who|which)|find out (?:who|which)|who (?:on|in|among)|qui (?:dans|parmi|est|sont)|which (?:of|employees|candidates|staff|members)|quels? (?:salarié|employé|candidat|collègue|membre)s?|match(?:es|ing)?|associe[zr]?|compare[zr]?|draft the rejection)\b/i,
)
/** Those who are sorted, when no role names them: "these tweets", "chacun", "cette liste". */
const SORTED = plainly(
  /\b(?:ces|cette liste|cette base|chacun|qui (?:est|sont|dans|parmi|vote|cotise)|these|this list|this sheet|each|who|whoever|everyone|people in|persons? in|leurs? (?:noms?|prénoms?|publications|messages|photos?)|their (?:names?|posts|tweets|likes|photos?|surnames?))\b/i,
)
const PRONOUN = plainly(
  /(?:^|[\s,;:(«"“'-])(?:il|elle|ils|elles|he|she|they)(?:'(?:s|d|re|ve|ll))?\s+(?:[a-z]{1,10}\s+){0,2}(?:a|est|ont|sont|souffre|souffrent|prend|suit|avait|était|vient|attend|a été|porte|pratique|vote|milite|refuse|boit|fume|dit|croit|prie|touche|gagne|doit|perçoit|vit|couche|was|is|has|had|have|are|were|isn't|hasn't|suffers?|takes?|takes|disclosed|told|says|said|needs?|got|tested|converted|belongs?|served|left|drinks|uses|prays|votes?|attends?|joined|lost|carries|relapsed|stays|owes|earns|makes|pleaded)(?=[\s,.;?!]|$)/iu,
)
/** In English these are said of people alone. */
const HE_OR_SHE =
  /(?:^|[\s,;:(«"“'-])(?:he|she|him|his|her|hers|himself|herself)(?=[\s,.;:?!')]|$)/iu
const PRONOUN_SHORT =
  /(?:^|[\s,;:(«"“'-])(?:he's|she's|they're|qu'(?:il|elle) (?:a|est|souffre|prend|boit|vote)|lui a|lui ont|l'a|l'ont|about her|about him|with her|with him|on her|on his|send her|hire him|hire her|against her|against him|to him|to her|for him|for her|à lui|à elle|put him|put her|gave him|gave her|told him|told her|tell him|tell her|ask him|ask her|chez elle|chez lui|contre lui|contre elle)(?=[\s,.;?!]|$)/iu
const FIRST_PERSON = plainly(
  /(?:^|[\s,;:(«"“'-])(?:j'ai|j'étais|j'avais|je suis|j'suis|jsuis|chuis|je souffre|je prends|je vis|j'attends|je dois|je fais|je porte|je vote|je vais|je veux|je pense|je compte|on m'a|m'a été|m'a diagnostiqué|m'ont|mon (?:\p{L}{1,12} )?(?:diagnostic|traitement|cancer|arrêt|médecin|psy|psychiatre|psychologue|diabète|vih|dossier|bilan|handicap|divorce|casier|salaire|irm)|ma (?:\p{L}{1,12} )?(?:grossesse|maladie|dépression|santé|sclérose|séropositivité|religion|foi|fécondation|condamnation|libération|prime)|mes (?:\p{L}{1,12} )?(?:analyses|résultats|symptômes|antécédents|dettes|règles)|i'm|im|i am|i've been|i've|i have|i had|i was|i suffer|i take|i got|i tested|i served|i owe|i drink|i vote|i plan|i want|i will|i'll|i'm going|i decided|my (?:\p{L}{1,12} )?(?:diagnosis|treatment|cancer|doctor|therapist|psychiatrist|pregnancy|depression|illness|condition|disability|symptoms|results|diabetes|medical|sick leave|hiv|religion|faith|surgery|biopsy|salary|conviction|sentence|debts?|bonus|tax return))(?=[\s,.;:?!]|$)/iu,
)
const AGE = plainly(
  /\b\d{1,3}[- ](?:year|yr|yo|month|week)s?[- ]?(?:old)?\b|\b\d{1,3} ?(?:y\/o|yo)\b|\b(?:homme|femme|patiente?|fille|garçon|enfant|salariée?|monsieur|madame|agée?|âgée?) (?:de )?\d{1,3} ans\b|\b[HF] ?,? ?\d{1,3} ans\b|\b\d{1,3} ?ans\b|(?<=\p{Lu}\p{Ll}{2,14}), \d{1,2}(?=[,. )])/iu,
)
const RECORD = plainly(
  /\b(?:discharge summary|medical records?|medical report|clinical notes?|case notes?|nurse handover|nursing notes?|handover:|dossier médical|compte[- ]rendu (?:médical|opératoire|d'(?:hospitalisation|examen|imagerie)|de consultation)|lettre de liaison|ordonnance de|prescription for|lettre de sortie|certificat médical|courrier de sortie|bulletin d'hospitalisation|antécédents|observation médicale|transmissions? (?:infirmière|ciblée)s?|patient (?:notes?|records?|history|file|id)|lab results|résultats d'analyses?|police report|procès-verbal d'audition|the subject|bed \d+|chambre \d+|lit \d+|(?:patient|patiente|client|cliente|salariée?|employee|nom|name|élève|pupil|assurée?) ?:)/iu,
)
/** Initials stand for a name: "D. R.", "Employee J.K.", "Mme B." */
const INITIALS =
  /(?<![\p{L}.])(?:\p{Lu}\. ?\p{Lu}\.|(?:Employee|Patient|Patiente|Mme|Mr|Mrs|Ms|M\.|Client|Subject|mineur|mineure) \p{Lu}\b\.?|(?:[Dd]ossier|[Ff]amille|[Cc]onsorts|[Aa]ffaire|[Cc]ase of|[Ee]state of) \p{Lu}\p{Ll}{2,}|(?:[Cc]lient|[Pp]atient|[Pp]atiente|[Ee]mployee|[Ss]alarié|[Ss]ubject|[Ss]ujet|[Mm]atricule|[Cc]andidate?|[Mm]ember|[Ee]lève|[Uu]ser|[Tt]enant|[Dd]onor|[Aa]pplicant) (?:n° ?|no\.? ?|#)?\d{1,8}\b)/u
/** A capitalised word within the sentence that does what people do. */
const DOER =
  /(?<=[\p{Ll}\d,;:»"”—–-] (?:[«"“] ?)?)(?!(?:France|Europe|Paris|Lyon|Google|Apple|Microsoft|GitHub|React|Node|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April|June|July|August|September|October|November|December|The|This|That|It|What|When|English|French)\b)\p{Lu}\p{Ll}{2,14} (?:is|was|has been|has|had|takes|told|says|said|prays|drinks|suffers|joined|converted|pleaded|earns|makes|est|était|a|souffre|prend|suit|boit|prie|porte|milite|vote|vient de|ne viendra|dit|gagne|fait|\p{Ll}{2,10}ed)(?=[\s,.])/u
/** "notre cariste", "our receptionist": whoever it is, when what is said is said of people alone. */
const POSSESSED_ONE = plainly(
  /(?:^|[\s(«"“',:])(?:notre|mon|ma|our|my)\s+(?:[\p{L}-]{3,14} )?(?!(?:étude|article|cours|produit|gamme|application|appli|app|site|service|hôpital|clinique|association|fondation|laboratoire|logiciel|jeu|mémoire|thèse|exposé|roman|poème|livre|blog|code|projet|base|modèle|recherche|rapport|question|chat|chien|cat|dog|study|paper|course|product|hospital|clinic|charity|foundation|lab|software|game|thesis|novel|poem|book|blog|project|database|dataset|model|research|article|essay|question|campaign|campagne|country|pays|city|ville|region|région|text|texte|document|file|fichier|horoscope|essay|class|school|école|history|test|page|component|composant|state|state)\b)[\p{L}-]{3,20}(?=[\s,.'])/iu,
)

/** "son salaire", "her chemotherapy": what is said belongs to someone. */
const THEIR = /(?:^|[\s(«"“'])(?:son|sa|ses|his|her)\s+(?:[\p{L}'-]{1,16}\s+)?$/iu

/** Whether a possessive of the third person stands right before `start`. */
export const isTheirs = (scan: Scan, start: number): boolean =>
  THEIR.test(plain(scan.text.slice(Math.max(0, start - 32), start)))

/** Material about people is shown, or drawn from a list. */
const MATERIAL = plainly(
  /(?:^|[\s,;:(«"“'])(?:voici|ci-joint|ci-dessous|en pièce jointe|here (?:is|are)|here's|attached|below|these|this|ces|cet|cette|ce|chaque|each|export|extrai[st]|extract|fichier|spreadsheet|csv|registre|register|dossiers?|records)(?=[\s,.;:?!)]|$)/iu,
)
/** What anyone may read says nothing of anyone. */
const WORK = plainly(
  /\b(?:articles?|étude|study|studies|papers?|pages?|chapitre|chapter|livre|book|roman|novel|paragraphe?|textes?|cours|course|leaflet|brochure|poster|affiche|guidelines?|recommandations?|film|movie|série|blog|podcast|recette|recipe|app|application|thèse|thesis|loi|law|arrêt|décision|wikip[eé]dia|presse|press|news|actualité|mot|word|term|terme|notion|concept|sujet|topic|maladie|disease|condition|symptômes?|symptoms?|médicament|medicine|drug|question|phrase|sentence|code|function|fonction|variable|component|composant|year|année|country|pays)\b/iu,
)

/** Whether a sentence works on a list or a document about people: "Extrais les diagnostics de ces ordonnances". */
export const showsMaterial = (sentence: Sentence): boolean =>
  MATERIAL.test(sentence.plain) && !WORK.test(sentence.plain)

/** How far back a person already spoken of is still meant, with lists and forms in view. */
const BACK = 200

/** Who a sentence speaks of, the surest first; undefined when it speaks of nobody. */
export function referenceIn(scan: Scan, sentence: Sentence): Reference | undefined {
  // a list of names may follow on its own lines
  const reach = /:\s*$/.test(sentence.text) ? sentence.end + 60 : sentence.end
  if (scan.hasPerson(sentence.start, reach)) return { how: 'name', strong: true }
  const text = sentence.plain
  scan.steps.spend(4 * text.length)
  if (FIRST_PERSON.test(text)) return { how: 'pronoun', strong: true }
  const role = roleIn(scan, sentence)
  if (role?.strong === true) return role
  if (AGE.test(text) || RECORD.test(text)) return { how: 'role', strong: true }
  if (INITIALS.test(sentence.text)) return { how: 'name', strong: true }
  if (SORTING.test(text) && SORTED.test(text)) return { how: 'role', strong: true }
  if (POSSESSED_ONE.test(text)) return { how: 'role', strong: true }
  if (HE_OR_SHE.test(text)) return { how: 'pronoun', strong: true }
  if (PRONOUN.test(text) || PRONOUN_SHORT.test(text)) return { how: 'pronoun', strong: false }
  if (DOER.test(sentence.text)) return { how: 'name', strong: false }
  return role
}

/** Someone named or meant shortly before, in the same paragraph: "Pierre a rejoint l'équipe. …". */
export function referenceBefore(scan: Scan, sentence: Sentence): Reference | undefined {
  const from = Math.max(0, sentence.start - BACK)
  const before = scan.text.slice(from, sentence.start)
  const blank = before.lastIndexOf('\n\n')
  const start = blank < 0 ? from : from + blank + 2
  scan.steps.spend(sentence.start - start)
  if (start >= sentence.start) return undefined
  const text = scan.text.slice(start, sentence.start)
  const earlier = { start, end: sentence.start, text, plain: plain(text), cut: true }
  const reference = referenceIn(scan, earlier)
  return reference?.strong === true ? { ...reference, strong: false } : undefined
}

function roleIn(scan: Scan, sentence: Sentence): Reference | undefined {
  const hits = scan.hits('role')
  const sorting = hits.length > 0 && SORTING.test(sentence.plain)
  let weak: Reference | undefined
  for (let i = hits.after(sentence.start); i < hits.length; i++) {
    const start = hits.starts[i] ?? 0
    if (start >= sentence.end) break
    const before = plain(scan.text.slice(Math.max(sentence.start, start - 40), start))
    const plural = PLURAL.test(scan.text.slice(start, (hits.ends[i] ?? 0) + 1).trim())
    scan.steps.spend(40)
    if (DETERMINED.test(before) || /^\s*$/.test(before)) return { how: 'role', strong: true }
    if (sorting) return { how: 'role', strong: true }
    if (!plural && DEFINITE.test(before)) weak ??= { how: 'role', strong: false }
  }
  return weak
}
