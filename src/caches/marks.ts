/**
 * What two questions must have in common to the letter, however near their meanings are: every number, date and name,
 * every word that turns a sentence round, in their order, and everything that classification found.
 */
export function marksOf(text: string, found: readonly string[]): string {
  const marks: string[] = []
  const words = [...text.normalize('NFKC').matchAll(WORDS)].map(([word]) => word)
  for (const [at, word] of words.entries()) {
    const lower = word.toLowerCase().replace(ELIDED, '')
    // what stands on which side of it turns the sentence round
    if (BETWEEN.has(lower)) {
      const sides = [words[at - 1], lower, words[at + 1]]
      marks.push(sides.map((one) => (one ?? '').toLowerCase().replace(ELIDED, '')).join(' '))
    } else if (/\d/.test(word) || /^["'`«“]/.test(word)) marks.push(lower)
    else if (TURNING.has(lower.replaceAll('’', "'"))) marks.push(lower)
    else if (/n['’]t$/.test(lower)) marks.push('not')
    else if (OPPOSING.test(lower)) marks.push(lower)
    else if (/\p{Lu}/u.test(word) && !OPENING.has(lower)) marks.push(lower)
  }
  return JSON.stringify([marks, [...found].toSorted()])
}

/** Prefixes that make a word its opposite: unsafe, illegal, disconnect, décoder. */
const OPPOSING =
  /^(?:un|in|im|il|ir|dis|non|anti|mis|mal|dé|dés)\p{L}{3,}$|^de(?:crypt|activ|crease|code|compress|install|frost)/u
/** Articles and pronouns that French writes as one with the word. */
const ELIDED = /^(?:[ldjmtsc]|qu)['’]/

/** Things in quotes, runs of letters and figures with what joins them, and signs that compare. */
const WORDS =
  /["«“`][^"»”`]{1,200}["»”`]|[\p{L}\p{N}][\p{L}\p{N}'’.,:/@_-]*[\p{L}\p{N}]|[\p{L}\p{N}]|[<>=≤≥≠%€$£+*/-]/gu

const listed = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/))

/** Words that change what is asked although the rest stays: negations, comparisons, times, amounts, directions. */
const TURNING = listed(`
  not no never none nothing nobody nowhere neither nor cannot without except unless but only
  ne pas jamais aucun aucune rien personne ni sans sauf non sinon seul seule seulement uniquement
  more less most least fewer greater smaller higher lower over under above below before after until since
  plus moins davantage supérieur inférieur avant après depuis jusque jusqu'à dessus dessous
  first last next previous old new oldest newest best worst premier première dernier dernière prochain prochaine
  minimum maximum min max all any some every each both half double twice tous toutes tout chaque aucuns moitié
  increase decrease add remove enable disable start stop open close allow deny include exclude on off up down in out
  augmenter diminuer ajouter retirer activer désactiver démarrer arrêter ouvrir fermer autoriser interdire
  left right north south east west gauche droite nord sud est ouest to from into vers de à
  today tomorrow yesterday now week month year aujourd'hui demain hier maintenant semaine mois année
  monday tuesday wednesday thursday friday saturday sunday lundi mardi mercredi jeudi vendredi samedi dimanche
  january february march april may june july august september october november december
  janvier février mars avril mai juin juillet août septembre octobre novembre décembre
  zero one two three four five six seven eight nine ten hundred thousand million billion
  zéro un une deux trois quatre cinq sept huit neuf dix cent mille milliard
  who what when where why which whose how many much qui que quoi quand où pourquoi quel quelle quels quelles comment combien
  he she they him her them his their il elle ils elles lui leur son sa ses
  english french german spanish italian anglais français allemand espagnol italien
  = < > ≤ ≥ ≠ + - * / % € $ £
  buy sell import export send receive lend borrow win lose push pull upload download encrypt read write install
  acheter vendre importer exporter envoyer recevoir prêter emprunter gagner perdre pousser tirer chiffrer lire installer
  fast faster fastest slow slower slowest hot hotter hottest cold colder coldest heavy heavier heaviest light lighter lightest
  rapide lent chaud froid lourd léger lourde légère lente chaude froide rich poor richest poorest riche pauvre
  long longer longest short shorter shortest cheap cheaper cheapest expensive court courte cher chère safe dangerous legal
  allowed forbidden required optional autorisé interdit obligatoire facultatif autorisée interdite
  benefit benefits risk risks advantage advantages pros cons cause causes effect effects symptom symptoms treatment
  bienfait bienfaits danger dangers risque risques avantage avantages inconvénient inconvénients effet effets symptôme symptômes
  man woman men women male female boy girl mother father husband wife homme femme hommes femmes garçon fille mère père mari
  input output parent child client server public private positive negative entrée sortie privé positif négatif
  true false yes oui vrai faux is isn't can should must may will would
`)

/** Words whose two sides are no more the same when they change places. */
const BETWEEN = listed(`than versus vs into from vers que minus per`)

/** Words that are written with a capital for nothing but their place. */
const OPENING = listed(`
  the a an this that these those please hello hi thanks give tell explain describe show write list summarise summarize
  le la les un une ce cette ces merci bonjour donne donnez dis dites explique expliquez décris écris liste résume i you we
  je tu vous nous on could do does did are was were have has
`)
