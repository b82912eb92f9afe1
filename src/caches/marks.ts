/**
 * What two questions must have in common to the letter, however near their meanings are: every number, date and name,
 * every word that turns a sentence round, in their order, and everything that classification found.
 */
export function marksOf(text: string, found: readonly string[]): string {
  const marks: string[] = []
  for (const [word] of text.normalize('NFKC').matchAll(WORDS)) {
    const lower = word.toLowerCase()
    if (/\d/.test(word) || /^["'`«“]/.test(word)) marks.push(lower)
    else if (TURNING.has(lower.replaceAll('’', "'"))) marks.push(lower)
    else if (/n['’]t$/.test(lower)) marks.push('not')
    else if (/\p{Lu}/u.test(word) && !OPENING.has(lower)) marks.push(lower)
  }
  return JSON.stringify([marks, [...found].toSorted()])
}

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
  true false yes oui vrai faux is isn't can should must may will would
`)

/** Words that are written with a capital for nothing but their place. */
const OPENING = listed(`
  the a an this that these those please hello hi thanks give tell explain describe show write list summarise summarize
  le la les un une ce cette ces merci bonjour donne donnez dis dites explique expliquez décris écris liste résume i you we
  je tu vous nous on could do does did are was were have has
`)
