import type { Classify } from '#classify/classify.ts'
import type { AnswerDuties, AnswerKind } from '#kernel/duties.ts'
import type { TextPart } from '#kernel/text-part.ts'
import { Unreadable } from './classified.ts'
import type { AnswerFinding, Looker } from './finding.ts'
import { invisibleLooker } from './invisible.ts'
import { kindOf, MAY_BE_REPEATED } from './kind-of-type.ts'
import { linkLooker } from './links.ts'
import type { HostLists } from './link-risk.ts'
import type { Question } from './question.ts'
import { TextChannel, type Count, type Let } from './text-channel.ts'

/** Longer arguments of one call are not read, and not let through. UTF-16 units. */
export const LONGEST_ARGUMENTS = 4 * 1024 * 1024

export interface ArgumentsParts {
  readonly classify: Classify
  readonly question: Question
  readonly hosts: HostLists
  readonly duties: AnswerDuties
  readonly marks: Readonly<Record<AnswerKind, string>>
  readonly count: Count
}

/** JSON in strings of JSON is read so deep; what is deeper is not let through. */
const DEEPEST = 16

/** A string or a number of a JSON text, where it stands in it, and what it says. */
interface Token extends TextPart {
  readonly from: number
  readonly to: number
  /** The string is a JSON text itself: what it says is in its own strings, without their escapes. */
  readonly isNested: boolean
}

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs

/**
 * The arguments of one tool call, all of them there: what is taken out of a string leaves a string, so that JSON stays
 * JSON, and all else stays as it was written. @throws Unreadable
 */
export function guardArguments(json: string, parts: ArgumentsParts, depth = 0): Let {
  if (json.length > LONGEST_ARGUMENTS || depth > DEEPEST) throw new Unreadable()
  const tokens = isJson(json) ? tokensOf(json) : [wholeText(json)]
  const found = findingsIn(tokens, parts)
  let out = ''
  let from = 0
  for (const [place, token] of tokens.entries()) {
    const { text, kind, from: start, to } = token
    const lets = token.isNested
      ? [guardArguments(text, parts, depth + 1)]
      : guarded(text, found[place] ?? [], parts)
    const ended = lets.find((one) => one.kind === 'end')
    if (ended) return ended
    const said = lets.map((one) => (one.kind === 'text' ? one.text : '')).join('')
    if (said === text) continue
    out += json.slice(from, start) + (kind === 'unreadable' ? said : JSON.stringify(said))
    from = to
  }
  return { kind: 'text', text: out + json.slice(from) }
}

function guarded(
  text: string,
  found: readonly AnswerFinding[],
  parts: ArgumentsParts,
): readonly Let[] {
  if (found.length === 0) return [{ kind: 'text', text }]
  const channel = new TextChannel([known(found)], parts.duties, parts.marks, parts.count)
  channel.push(text)
  channel.end()
  return channel.take(text.length)
}

/** Tells what has been found already. */
function known(findings: readonly AnswerFinding[]): Looker {
  let left = findings
  return {
    look() {
      const told = left
      left = []
      return { findings: told, settled: Number.POSITIVE_INFINITY }
    },
  }
}

function findingsIn(
  tokens: readonly Token[],
  { classify, question, hosts }: ArgumentsParts,
): readonly AnswerFinding[][] {
  const found: AnswerFinding[][] = tokens.map(({ text, isNested }) =>
    isNested
      ? []
      : [
          ...invisibleLooker().look(text, true).findings,
          ...linkLooker(hosts, question).look(text, true).findings,
        ],
  )
  const read = tokens.map((token) => {
    if (token.isNested) return { ...token, text: '' }
    return token.kind === 'unreadable' ? { ...token, kind: 'text' as const } : token
  })
  const { label, findings } = classify(read, { floor: 'public' })
  if (label.undetermined) throw new Unreadable()
  for (const finding of findings) {
    const { part, start, end, type } = finding
    const kind = kindOf(finding)
    const text = tokens[part]?.text
    if (kind === null || text === undefined) continue
    if (MAY_BE_REPEATED.has(kind) && question.holds(text.slice(start, end), type)) continue
    found[part]?.push({ kind, start, end, isMarked: true })
  }
  return found
}

/** Whether a string is a JSON text with strings of its own. */
const isNestedJson = (text: string): boolean => /^\s*[[{]/.test(text) && isJson(text)

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** What is no JSON is one text; it goes on as it is written. */
const wholeText = (text: string): Token => ({
  path: 'text',
  text,
  kind: 'unreadable',
  from: 0,
  to: text.length,
  isNested: false,
})

function tokensOf(json: string): readonly Token[] {
  const tokens: Token[] = []
  let path = 'text'
  for (const match of json.matchAll(TOKEN)) {
    const [raw] = match
    const [from, to] = [match.index, match.index + raw.length]
    if (!raw.startsWith('"')) {
      tokens.push({ path, text: raw, kind: 'number', from, to, isNested: false })
      continue
    }
    const text = String(JSON.parse(raw))
    const isKey = /^\s*:/.test(json.slice(to, to + 64))
    if (isKey) path = text
    const isNested = !isKey && isNestedJson(text)
    tokens.push({ path, text, kind: isKey ? 'key' : 'text', from, to, isNested })
  }
  return tokens
}
