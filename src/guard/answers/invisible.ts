import type { AnswerFinding, Looked, Looker } from './finding.ts'

/** Characters that show nothing, or that change only how others are shown. Sources: UAX #9, UTS #51, UTR #36. */
const HIDDEN =
  // oxlint-disable-next-line no-misleading-character-class, no-control-regex
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u206F\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB\u{1BCA0}-\u{1BCA3}\u{1D173}-\u{1D17A}\u{E0000}-\u{E0FFF}]+/gu

/** Units that may be needed beside a run to tell whether it belongs there: a base and its modifiers. */
const BESIDE = 12
/** A run longer than this is told as it is: no script and no emoji needs as much. */
const LONGEST_RUN = 64
/** A run of so many units hides something: a mark tells where it stood. */
const MARKED_RUN = 2

const PICTURE = /\p{Extended_Pictographic}[\p{Emoji_Modifier}\uFE0F\u20E3]*$/u
const PICTURE_NEXT = /^\p{Extended_Pictographic}/u
/** Scripts in which joiners change the shape of letters. */
const JOINING =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}]\p{M}*$/u
/** Scripts that write no spaces between words. */
const UNSPACED = /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*$/u
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]/u
const LETTER = /\p{L}$/u
const LETTER_NEXT = /^\p{L}/u
/** The three flags of parts of a country that Unicode recommends (UTS #51, annex C): black flag, then tags. */
const FLAG_TAGS: ReadonlySet<string> = new Set(
  ['gbeng', 'gbsct', 'gbwls'].map(
    (code) =>
      `${Array.from(code, (letter) => String.fromCodePoint(0xe0000 + (letter.codePointAt(0) ?? 0))).join('')}\u{E007F}`,
  ),
)
const BLACK_FLAG = '\u{1F3F4}'

/** Whether a run has a reason to be there. */
function belongs(run: string, before: string, after: string): boolean {
  if (FLAG_TAGS.has(run)) return before.endsWith(BLACK_FLAG)
  switch (run) {
    // text or picture: after a picture, a digit of a keycap, or a sign that has both
    case '\uFE0E':
    case '\uFE0F':
      return PICTURE.test(before) || /[#*\d]$/.test(before)
    case '\u200D':
      return (PICTURE.test(before) && PICTURE_NEXT.test(after)) || JOINING.test(before)
    // a picture in its colours, joined to the next one
    case '\uFE0F\u200D':
      return PICTURE.test(before) && PICTURE_NEXT.test(after)
    case '\u200C':
      return JOINING.test(before)
    case '\u200B':
      return UNSPACED.test(before)
    case '\u00AD':
      return LETTER.test(before) && LETTER_NEXT.test(after)
    case '\u200E':
    case '\u200F':
    case '\u061C':
    case '\u2066':
    case '\u2067':
    case '\u2068':
    case '\u2069':
      return RIGHT_TO_LEFT.test(before) || RIGHT_TO_LEFT.test(after)
    default:
      return false
  }
}

/** Finds characters that nobody sees, where no script and no emoji needs them. Holds back a run and a few units beside it. */
export function invisibleLooker(): Looker {
  let tail = ''
  let offset = 0
  let from = 0
  return {
    look(piece, isEnd): Looked {
      const text = tail + piece
      const findings: AnswerFinding[] = []
      const known = isEnd ? text.length : text.length - BESIDE
      let settled = Math.max(from, known)
      HIDDEN.lastIndex = from
      for (let found = HIDDEN.exec(text); found; found = HIDDEN.exec(text)) {
        const start = found.index
        const [run] = found
        const bounded = run.slice(0, wholeUnits(run, LONGEST_RUN))
        const end = start + bounded.length
        if (start >= known || (end > known && bounded.length === run.length)) {
          settled = Math.min(settled, start)
          break
        }
        HIDDEN.lastIndex = end
        settled = Math.max(settled, end)
        if (
          belongs(
            bounded,
            text.slice(Math.max(0, start - BESIDE), start),
            text.slice(end, end + BESIDE),
          )
        )
          continue
        const isMarked =
          Array.from(bounded).length >= MARKED_RUN || /^[\u{E0000}-\u{E0FFF}]/u.test(bounded)
        findings.push({ kind: 'invisible', start: start + offset, end: end + offset, isMarked })
      }
      settled = Math.min(Math.max(settled, from), text.length)
      const kept = Math.max(0, settled - BESIDE)
      tail = text.slice(kept)
      offset += kept
      from = settled - kept
      return { findings, settled: offset + from }
    },
  }
}

/** At most so many units, and no half of a pair. */
function wholeUnits(run: string, most: number): number {
  if (run.length <= most) return run.length
  const unit = run.charCodeAt(most - 1)
  return unit >= 0xd800 && unit < 0xdc00 ? most - 1 : most
}
