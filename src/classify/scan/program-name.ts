/** More digits than this make a name of a program unlikely. */
const MOST_DIGITS = 6
const LEAST_WORDS = 0.75
/** Names of standards that hold digits. */
const STANDARD =
  '[xX]509|[Bb]ase(?:32|58|64)|[Uu]tf(?:8|16)|[Ss]ha(?:1|\\d{3})|[Aa]uth2|[Hh]ttp2|[Ii]pv[46]|k8s'
const WORD = `${STANDARD}|[A-Z][a-z]{2,}|[a-z]{4,}`
/** Words of camelCase, and of CAPITALS where underscores part them. */
const CAMEL = new RegExp(`${WORD}|[A-Z]{2,}(?![a-z])`, 'g')
const LOWER = new RegExp(WORD, 'g')
/** A piece of a model's, file's or version's name: a word, a number, a size. */
const PIECE = /^(?:[A-Za-z]{2,}\d{0,3}|[A-Za-z]?\d{1,4}[A-Za-z]?|\d{5,8}|[A-Za-z])$/

/** Whether a value reads as names of a program or a file: `createPrivateKey`, `this.options.apiKey`, `token-counting-2024-11-01`. */
export function isProgramName(value: string): boolean {
  const pieces = value.split(/[-_./:]/).filter((piece) => piece !== '')
  if (pieces.length > 1 && pieces.every((piece) => PIECE.test(piece))) return true
  if (!/[A-Z._]/.test(value) || /[^\w.$]/.test(value)) return false
  if ((value.match(/\d/g)?.length ?? 0) > MOST_DIGITS) return false
  const words = value.match(value.includes('_') ? CAMEL : LOWER) ?? []
  const covered = words.reduce((sum, word) => sum + word.length, 0)
  return covered >= LEAST_WORDS * value.replaceAll(/[._$]/g, '').length
}
