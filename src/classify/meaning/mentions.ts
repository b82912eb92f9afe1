import { plainly } from './plain.ts'

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

/** Material about people is shown, or drawn from a list. */
const MATERIAL = plainly(
  /(?:^|[\s,;:(«"“'])(?:voici|ci-joint|ci-dessous|en pièce jointe|here (?:is|are)|here's|attached|below|these|this|ces|cet|cette|ce|chaque|each|export|extrai[st]|extract|fichier|spreadsheet|csv|registre|register|dossiers?|records)(?=[\s,.;:?!)]|$)/iu,
)
/** What anyone may read says nothing of anyone. */
const WORK = plainly(
  /\b(?:articles?|étude|study|studies|papers?|pages?|chapitre|chapter|livre|book|roman|novel|paragraphe?|textes?|cours|course|leaflet|brochure|poster|affiche|guidelines?|recommandations?|film|movie|série|blog|podcast|recette|recipe|app|application|thèse|thesis|loi|law|arrêt|décision|wikip[eé]dia|presse|press|news|actualité|mot|word|term|terme|notion|concept|sujet|topic|maladie|disease|condition|symptômes?|symptoms?|médicament|medicine|drug|question|phrase|sentence|code|function|fonction|variable|component|composant|year|année|country|pays)\b/iu,
)

/** How a sentence may speak of someone, asked of it without accents. */
export const MENTIONS = {
  sorting: SORTING,
  sorted: SORTED,
  pronoun: PRONOUN,
  heOrShe: HE_OR_SHE,
  pronounShort: PRONOUN_SHORT,
  firstPerson: FIRST_PERSON,
  age: AGE,
  record: RECORD,
  possessedOne: POSSESSED_ONE,
  material: MATERIAL,
  work: WORK,
}

/** The same, asked of the sentence as it is written. */
export const WRITTEN_MENTIONS = { initials: INITIALS, doer: DOER }
