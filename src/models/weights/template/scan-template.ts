import { createHash } from 'node:crypto'
import type { Scan } from '../scan.ts'
import { constantText, filterName, firstArgument } from './built-text.ts'
import { CarriedNames } from './carried-names.ts'
import forbidden from './forbidden-names.json' with { type: 'json' }
import {
  childOf,
  childrenOf,
  everyNode,
  isText,
  parseTemplate,
  textOf,
  type JinjaNode,
} from './jinja-node.ts'
import { reportBombs } from './bombs.ts'
import { reportTriggers } from './triggers.ts'

/** Longest template that is read, characters; the longest published ones are below 30,000. */
const LONGEST = 256 * 1024

const ATTRIBUTES = new Set(forbidden.attributes)
const OBJECTS = new Set(forbidden.objects)
const FUNCTIONS = new Set(forbidden.functions)

const DUNDER = /__[a-z][a-z0-9_]*__/i
const EDGE = /^__|__$/
/** Python's escapes for characters; Jinja has no use for them in a template that hides nothing. */
const ESCAPE = /\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{|[0-7]{2,3})/
/** Visits to nodes of the tree: nesting multiplies them, and a hostile template nests. */
const MOST_VISITS = 5_000_000
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\u{e0000}-\u{e007f}]/u
const INCLUDE = /\{%[-+]?\s*(?:include|import|from|extends)\b/
const ADDRESS = /\bhttps?:\/\/[^\s'"<>{}]+/i
/** Filters whose first argument names an attribute. */
const BY_ATTRIBUTE = new Set(['selectattr', 'rejectattr', 'groupby'])
/** Filters that take the name of an attribute by keyword, and those that take it second. */
const WITH_ATTRIBUTE = new Set(['sort', 'unique', 'min', 'max', 'sum', 'join'])
/** A text whose `format` would walk: a place with a dot or a bracket. */
const WALKING_FORMAT = /\{[^{}]*[.[]/

/** Judges one chat template by its syntax tree. */
export function scanTemplate(text: string, name: string, scan: Scan): void {
  const sha256 = createHash('sha256').update(text).digest('hex')
  scan.findings.templates.push({ name, sha256 })
  if (text.length > LONGEST) {
    scan.report('template-unreadable', { at: name })
    return
  }
  scan.findings.templateTexts.push({ name, text })
  if (INCLUDE.test(text)) scan.report('template-include', { at: name })
  if (INVISIBLE.test(text)) scan.report('template-hidden-text', { at: name })
  for (const block of blocksOf(text)) {
    if (ESCAPE.test(block)) scan.report('template-hidden-text', { at: name })
  }
  const address = ADDRESS.exec(text)
  if (address !== null) scan.report('template-address', { at: name }, address[0])
  const program = parseTemplate(text)
  if (program === null) {
    reportUnread(text, name, scan)
    return
  }
  try {
    judgeTree(program, name, scan)
  } catch (error) {
    if (!(error instanceof TooComplex)) throw error
    scan.report('template-unreadable', { at: name })
  }
}

/** Whether an expression is a text put together from pieces, or holds one. */
type Hides = (node: JinjaNode | null) => boolean

/** Thrown when a tree asks for more visits than any template needs. */
class TooComplex extends Error {}

function judgeTree(program: JinjaNode, name: string, scan: Scan): void {
  let visits = 0
  const visit = (): void => {
    visits += 1
    if (visits > MOST_VISITS) throw new TooComplex()
  }
  const carried = new CarriedNames(program, visit)
  const hides = (node: JinjaNode | null): boolean => carried.hides(node, visit)
  for (const node of everyNode(program, visit)) judge(node, hides, name, scan)
  reportTriggers(program, name, scan, visit)
  reportBombs(program, name, scan, visit)
}

/** What stands between the marks of expressions and statements. */
function* blocksOf(text: string): Generator<string> {
  for (let at = text.indexOf('{'); at >= 0;) {
    const mark = text[at + 1]
    const close = mark === '{' ? '}}' : mark === '%' ? '%}' : null
    const end = close === null ? -1 : text.indexOf(close, at + 2)
    if (end >= 0) yield text.slice(at, end)
    at = text.indexOf('{', end >= 0 ? end : at + 1)
    if (close !== null && end < 0) return
  }
}

/** What does not parse cannot be cleared, and may still be condemned by what it says. */
function reportUnread(text: string, name: string, scan: Scan): void {
  scan.report('template-unreadable', { at: name })
  for (const block of blocksOf(text)) {
    const dunder = DUNDER.exec(block)
    if (dunder !== null) scan.report('template-dunder', { at: name }, dunder[0])
    if (/\|\s*attr\s*\(/.test(block)) scan.report('template-attribute-walk', { at: name }, 'attr')
  }
}

function judge(node: JinjaNode, hides: Hides, at: string, scan: Scan): void {
  const constant = constantText(node)
  if (constant !== null && DUNDER.test(constant)) {
    scan.report('template-dunder', { at }, DUNDER.exec(constant)?.[0])
  }
  switch (node.type) {
    case 'Identifier':
      judgeName(textOf(node) ?? '', at, scan)
      break
    case 'MemberExpression':
      judgeMember(node, hides, at, scan)
      break
    case 'CallExpression': {
      const callee = childOf(node, 'callee')
      const property = callee?.type === 'MemberExpression' ? childOf(callee, 'property') : callee
      const called = textOf(property)
      if (called !== null && FUNCTIONS.has(called)) {
        scan.report('template-builtin', { at }, called)
      }
      if (called === 'format') judgeFormat(callee, at, scan)
      break
    }
    case 'FilterExpression':
    case 'FilterStatement':
      judgeFilter(node, hides, at, scan)
      break
    case 'BinaryExpression':
      for (const side of ['left', 'right']) {
        const piece = childOf(node, side)
        if (isText(piece) && EDGE.test(textOf(piece) ?? '')) {
          scan.report('template-hidden-text', { at })
        }
      }
      break
    default:
  }
}

function judgeName(name: string, at: string, scan: Scan): void {
  if (DUNDER.test(name)) scan.report('template-dunder', { at }, name)
  else if (OBJECTS.has(name)) scan.report('template-attribute-walk', { at }, name)
}

function judgeMember(node: JinjaNode, hides: Hides, at: string, scan: Scan): void {
  const property = childOf(node, 'property')
  const name = node['computed'] === true ? constantText(property) : textOf(property)
  if (name !== null && isInner(name)) {
    scan.report('template-attribute-walk', { at }, name)
  }
  if (node['computed'] === true && hides(property)) {
    scan.report('template-hidden-text', { at })
  }
}

/** `format` of a text walks to attributes that are named inside it. */
function judgeFormat(callee: JinjaNode | null, at: string, scan: Scan): void {
  const receiver = callee?.type === 'MemberExpression' ? childOf(callee, 'object') : null
  if (receiver === null) return
  const text = constantText(receiver)
  if (text === null) scan.report('template-hidden-text', { at })
  else if (WALKING_FORMAT.test(text)) scan.report('template-attribute-walk', { at }, 'format')
}

function judgeFilter(node: JinjaNode, hides: Hides, at: string, scan: Scan): void {
  const name = filterName(node)
  if (name === 'attr') scan.report('template-attribute-walk', { at }, 'attr')
  const byKeyword = name !== null && WITH_ATTRIBUTE.has(name)
  if (name === null || !(name === 'map' || byKeyword || BY_ATTRIBUTE.has(name))) return
  const given = childrenOf(childOf(node, 'filter') ?? node, 'args')
  const named = given.filter(
    (argument) =>
      argument.type === 'KeywordArgumentExpression' &&
      textOf(childOf(argument, 'key')) === 'attribute',
  )
  const first = byKeyword ? (name === 'join' ? (given[1] ?? null) : null) : firstArgument(node)
  const attribute = named[0] ? childOf(named[0], 'value') : first
  const text = constantText(attribute)
  if (text !== null && text.split('.').some((part) => isInner(part) || part === 'attr')) {
    scan.report('template-attribute-walk', { at }, text)
  }
  // the filter that `map` applies may itself be named by a variable
  const chosen = name === 'map' && attribute !== null && text === null && named.length === 0
  if (chosen || hides(attribute)) scan.report('template-hidden-text', { at })
}

/** Attributes of Python's and of Jinja's own objects: those that begin with an underscore are nobody else's business. */
const isInner = (name: string): boolean => ATTRIBUTES.has(name) || /^_[a-z]/i.test(name)
