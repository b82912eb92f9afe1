import { isIssued } from '../../checks/token-body.ts'
import { KEY_ISSUERS, TOKEN_FORMATS, type TokenFormat } from '../../data/token-formats.ts'
import type { Detector } from '../../scan/detector.ts'
import type { Scan } from '../../scan/scan.ts'
import { isKeyLike, isOneKind } from './key-like.ts'

interface Compiled {
  readonly shape: RegExp
  /** Units after the name in which a whole token can stand. */
  readonly window: number
}

/** Units between the end of a name and its token. */
const REACH = 48
const LONGEST_KEY = 400

/** No token of this shape is longer: every class, character and alternative counted at its most. */
const lengthOf = (shape: string): number =>
  shape
    .replaceAll(/\[[^\]]*\]|\\./g, '.')
    .replaceAll(/\{(?:\d+,)?(\d+)\}/g, (_, most: string) => '.'.repeat(Number(most))).length

/** Formats by the names that must stand before them; an issuer without a shape has none. */
const BY_NAME = new Map<string, TokenFormat[]>(KEY_ISSUERS.map((name) => [name, []]))
for (const format of TOKEN_FORMATS) {
  for (const name of format.near ?? []) {
    const formats = BY_NAME.get(name)
    if (formats) formats.push(format)
    else BY_NAME.set(name, [format])
  }
}

const COMPILED = new WeakMap<TokenFormat, Compiled>()

/** Compiled when its name is first read: there are many, and most names never are. */
function compiled(format: TokenFormat): Compiled {
  const known = COMPILED.get(format)
  if (known) return known
  const after = format.loose === true ? '' : '(?![\\w-])'
  const shape = new RegExp(`(?<![A-Za-z\\d])(?:${format.shape})${after}`, 'g')
  const made = { shape, window: REACH + lengthOf(format.shape) }
  COMPILED.set(format, made)
  return made
}

const CANDIDATE = /[A-Za-z\d][\w+/=.:!-]{9}/
const ANY_KEY = /(?<![A-Za-z\d])[A-Za-z\d][\w~+/.=-]{9,400}(?![A-Za-z\d])/g
const TOLD =
  /key|secret|token|access|private|auth|api|pass|pwd|cred|jeton|clé|[_\s-]pat\b|login|bearer|licen[cs]e|_id\b|ssws/i
const ASSIGNED = /(?:[=:>,]|\b(?:is|est|vaut))\s{0,4}["'`([«]{0,3}\s?$/
const ADJACENT = /^[\s"'`=:,>()[\]|_-]{1,6}$/
/** Words that make a random value a digest, an address or a public name. */
const NO_KEY =
  /sha\d|md5|commit|hash|digest|integrity|checksum|etag|revision|version|trace|request|public|https?:|@|\n\s{0,40}\n/i

/** Tokens without a prefix of their own, shortly after the name of who issues them: the vendor's shape, or any random value that is called its key. */
export const namedToken: Detector = {
  id: 'named-token',
  acrossParts: true,
  literals: [{ name: 'token-name', standing: 'head', words: [...BY_NAME.keys()] }],
  find(scan, found) {
    const hits = scan.hits('token-name')
    let done = -1
    for (let i = 0; i < hits.length && !scan.steps.exhausted; i++) {
      const from = hits.ends[i] ?? 0
      if (from < done) continue
      scan.steps.spend(REACH)
      const near = scan.text.slice(from, from + REACH + 10)
      if (!CANDIDATE.test(near)) continue
      const name = hits.words[i] ?? ''
      const token = tokenAfter(scan, from, name)
      if (token === undefined) continue
      done = token.end
      found({
        type: 'SECRET',
        rule: token.rule,
        start: token.start,
        end: token.end,
        confidence: token.confidence,
        because: [{ kind: 'keyword', keyword: name }, { kind: 'shape' }],
      })
    }
  },
}

interface Token {
  readonly rule: string
  readonly start: number
  readonly end: number
  readonly confidence: number
}

function tokenAfter(scan: Scan, from: number, name: string): Token | undefined {
  const named = TOLD.test(name)
  for (const format of BY_NAME.get(name) ?? []) {
    const { shape, window: length } = compiled(format)
    scan.steps.spend(length)
    const window = scan.text.slice(from, from + length + 1)
    for (const match of window.matchAll(shape)) {
      if (match.index > REACH) break
      const gap = window.slice(0, match.index)
      if (NO_KEY.test(gap)) break
      const told = isTold(gap, named)
      const placed = told || (format.told !== true && (ADJACENT.test(gap) || ASSIGNED.test(gap)))
      if (!placed || !hasDigit(match[0], told) || !isIssued(match[0], match[0], format)) continue
      scan.steps.spend(match[0].length)
      const start = from + match.index
      const confidence = told ? 0.85 : 0.75
      return { rule: format.rule, start, end: start + match[0].length, confidence }
    }
  }
  return anyKey(scan.text.slice(from, from + REACH + LONGEST_KEY + 1), from, named)
}

/** Whether what stands between name and value calls it a key; in a path only what a query assigns counts. */
const isTold = (gap: string, named: boolean): boolean =>
  (named || TOLD.test(gap)) && (!/\w\/\w/.test(gap) || ASSIGNED.test(gap))

/** Words hold no digit; a key without one is of one kind of letters, and told. */
const hasDigit = (value: string, told: boolean): boolean =>
  /\d/.test(value) || (told && isOneKind(value))

/** Words of a name that a key is glued to: `SECRET-`, `api_key.`. */
const LABEL = /^(?:[A-Za-z]{1,20}[-_.:=]{1,2}){0,4}/

/** A value called the key of a known issuer: no shape to hold against it, so that it must look random and be told. */
function anyKey(window: string, from: number, named: boolean): Token | undefined {
  for (const match of window.matchAll(ANY_KEY)) {
    if (match.index > REACH) return undefined
    const at = match.index + (LABEL.exec(match[0])?.[0].length ?? 0)
    const end = match.index + match[0].length
    const gap = window.slice(0, at)
    if (NO_KEY.test(gap)) return undefined
    const told = isTold(gap, named)
    if (!told && !ASSIGNED.test(gap)) continue
    if (!isKeyLike(window.slice(at, end), told)) continue
    return { rule: 'issuer-key', start: from + at, end: from + end, confidence: 0.7 }
  }
  return undefined
}
