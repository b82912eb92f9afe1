import type { AnswerFinding, Looked, Looker } from './finding.ts'
import { isRisky, type HostLists } from './link-risk.ts'
import { bareAt, destinationAt, tagAt, type Shape } from './link-shapes.ts'
import type { Question } from './question.ts'

/** Where an address may begin: Markdown, HTML, or as it is. */
const TRIGGER = /\]\(|\]:|<(?=[a-z])|(?:https?|ftp|wss?):[/\\]{2}|(?<![\w.])www\./gi
/** Its longest form, less one: as much of it may have come and say nothing yet. */
const TRIGGER_REST = 8
/** Longest text of a link that is taken out with it. */
const LONGEST_LABEL = 256
/** What does not end within so many units is judged by its beginning. */
const LONGEST_LINK = 2048
const LONGEST_TAG = 1024
/** Units before an address that tell that it is fetched: `url(`, `@import "`. */
const BESIDE = 16
const FETCHED = /(?:url\(|import)\s*['"]?$/i
/** Ends the rest of an address that was too long. */
const REST_END = /[\s<>"'`)]/g

/** Finds links and pictures that could carry data away. Holds back one that is open, its text included. */
export function linkLooker(hosts: HostLists, question: Question): Looker {
  let text = ''
  let offset = 0
  let from = 0
  /** Where the next trigger is looked for: not before what has been read. */
  let next = 0
  let isInRest = false
  return {
    look(piece, isEnd): Looked {
      text += piece
      const findings: AnswerFinding[] = []
      const tell = (start: number, end: number, isMore = false): void => {
        if (end > start)
          findings.push({
            kind: 'links',
            start: start + offset,
            end: end + offset,
            isMarked: !isMore,
            ...(isMore ? { isMore } : {}),
          })
      }
      let settled = -1
      while (settled < 0) {
        if (isInRest) {
          REST_END.lastIndex = next
          const end = REST_END.exec(text)?.index ?? text.length
          tell(next, end, true)
          next = end
          isInRest = end === text.length && !isEnd
          if (end === text.length) settled = end
          continue
        }
        TRIGGER.lastIndex = next
        const trigger = TRIGGER.exec(text)
        if (!trigger) {
          next = isEnd ? text.length : Math.max(next, text.length - TRIGGER_REST)
          settled = next
          break
        }
        const { shape, start, limit } = shapeAt(text, trigger, isEnd)
        const isTooLong = shape.kind === 'open' && text.length >= limit
        if (shape.kind === 'open' && !isTooLong) {
          settled = start
          break
        }
        const isFound =
          shape.kind !== 'none' && shape.links.some((link) => isRisky(link, hosts, question))
        const behind = trigger.index + trigger[0].length
        next = shape.kind === 'links' ? Math.max(shape.end, behind) : isFound ? limit : behind
        if (isFound) tell(start, next)
        isInRest = isFound && isTooLong
      }
      if (!isEnd && !isInRest) settled = Math.min(settled, openLabel(text))
      settled = Math.max(settled, from)
      const kept = Math.max(0, Math.min(settled, next) - BESIDE)
      text = text.slice(kept)
      offset += kept
      from = settled - kept
      next -= kept
      return { findings, settled: offset + from }
    },
  }
}

interface Found {
  readonly shape: Shape
  /** Where what is taken out begins. */
  readonly start: number
  /** Where something too long is given up. */
  readonly limit: number
}

/** What a trigger begins. No more of the text is read than may count, so that it is the same in any pieces. */
function shapeAt(whole: string, trigger: RegExpExecArray, isEnd: boolean): Found {
  const at = trigger.index
  const [sign] = trigger
  const limit = at + (sign === '<' ? LONGEST_TAG : LONGEST_LINK)
  const text = whole.length >= limit ? whole.slice(0, limit) : whole
  const isLast = isEnd && whole.length < limit
  if (sign === '<') return { shape: tagAt(text, at, isLast), start: at, limit }
  if (sign === '](' || sign === ']:') {
    const label = labelBefore(text, at)
    const isInline = sign === ']('
    const isPicture = isInline && (label === null || text[label - 1] === '!')
    const begin = label === null ? at + 1 : label
    const start = isPicture && label !== null ? label - 1 : begin
    const shown = label === null ? '' : text.slice(label + 1, at)
    const how = { isInline, isLoaded: isPicture, shown }
    return { shape: destinationAt(text, at + 2, isLast, how), start, limit }
  }
  const isLoaded = FETCHED.test(text.slice(Math.max(0, at - BESIDE), at))
  return { shape: bareAt(text, at, isLast, isLoaded), start: at, limit }
}

/** Where the text of a link begins whose `]` is here; null: too far away, or nowhere. */
function labelBefore(text: string, close: number): number | null {
  let depth = 0
  for (let at = close - 1; at >= 0 && at >= close - LONGEST_LABEL; at--) {
    const sign = text[at]
    if (sign === ']') depth++
    else if (sign === '[' && depth-- === 0) return at
  }
  return null
}

/** Where the text of a link begins that may still become one; the end of the text when there is none. */
function openLabel(text: string): number {
  if (text.lastIndexOf('[') < text.length - LONGEST_LABEL - 3) return text.length
  const opened: number[] = []
  for (let at = Math.max(0, text.length - LONGEST_LABEL - 3); at < text.length; at++) {
    const sign = text[at]
    if (sign === '[') opened.push(at)
    // one that has just been closed may go on with its address
    else if (sign === ']' && at < text.length - 1) opened.pop()
  }
  const [first] = opened
  if (first === undefined) return text.length
  return text[first - 1] === '!' ? first - 1 : first
}
