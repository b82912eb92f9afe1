import type { Question } from './question.ts'
import { withoutPercents } from './decode-url.ts'

/** An address that an answer holds, decoded as the one who follows it would. */
export interface Link {
  readonly url: string
  /** It is fetched by whoever shows the answer, without a click; or it may be. */
  readonly isLoaded: boolean
  /** Whether the text says that it is a link: Markdown, HTML. A bare one is one only with a scheme of the web. */
  readonly isWritten: boolean
  /** What is shown in its place. */
  readonly shown?: string
}

/** Hosts that answers may point to: each list must have the host; no list: only what could carry data away counts. */
export type HostLists = readonly (readonly string[])[]

/** Letters and digits of the question, one after the other, that make an address carry it. */
const RUN_OF_QUESTION = 12
const RUN_IN_PATH = 24
/** Signs of one kind, without a break, that say nothing to a person. */
const OPAQUE_IN_QUERY = 20
const OPAQUE_IN_PATH = 28
/** Longer than the searches and pages that people share. */
const LONG_QUERY = 160
const LONG_PATH = 300
/** Of a name in the domain name system; names that people chose are shorter. */
const LONG_LABEL = 30

const WEB: ReadonlySet<string> = new Set(['http:', 'https:', 'ws:', 'wss:', 'ftp:'])
const NOWHERE = 'relative.invalid'

/** Whether following it could carry data of the conversation away, or lead where nobody should be led. */
export function isRisky(link: Link, hosts: HostLists, question: Question): boolean {
  const url = URL.parse(link.url.trim(), `https://${NOWHERE}/`)
  if (!url) return false
  if (!WEB.has(url.protocol)) return link.isWritten && isRiskyScheme(url, question)
  if (url.hostname === NOWHERE || url.hostname === '') return false
  if (url.username !== '' || url.password !== '') return true
  if (hosts.length > 0) return !hosts.every((list) => list.some((one) => fits(one, url.hostname)))
  if (link.isLoaded || isDisguised(url) || isMisnamed(link, url)) return true
  // what the caller wrote themselves carries nothing new when they follow it
  return !question.holdsExactly(link.url) && carries(url, question)
}

/** `example.org`, or `*.example.org` for all names below it. */
const fits = (pattern: string, host: string): boolean =>
  pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern

/** Of all other schemes only a number to call and a plain address to write to are harmless. */
function isRiskyScheme(url: URL, question: Question): boolean {
  if (url.protocol === 'tel:') return false
  if (url.protocol !== 'mailto:') return true
  return url.search !== '' && carriesQuery(url, question)
}

const LOOPBACK = /^(?:127(?:\.\d+){3}|\[::1\])$/
const ADDRESS = /^(?:\d+(?:\.\d+){3}|\[.*\])$/

/** A bare address, or a name that does not look like what it is. */
const isDisguised = ({ hostname }: URL): boolean =>
  (ADDRESS.test(hostname) && !LOOPBACK.test(hostname)) ||
  hostname.split('.').some((label) => label.startsWith('xn--'))

const HOST_SHOWN = /^(?:https?:\/\/)?((?:[\w-]+\.)+[a-z]{2,24})(?=$|[/:?#])/i

/** The text names one host, and the link goes to another. */
function isMisnamed({ shown }: Link, { hostname }: URL): boolean {
  const named = HOST_SHOWN.exec(shown?.trim() ?? '')?.[1]?.toLowerCase()
  if (
    named === undefined ||
    /\.(?:md|js|ts|py|rs|go|html?|json|ya?ml|txt|sh|java|css|csv|pdf)$/.test(named)
  )
    return false
  const bare = (name: string): string => name.replace(/^www\./, '')
  return bare(named) !== bare(hostname)
}

function carries(url: URL, question: Question): boolean {
  const labels = url.hostname.split('.')
  if (labels.some((label) => label.length > LONG_LABEL || isOpaque(label, OPAQUE_IN_QUERY)))
    return true
  if (carriesQuery(url, question)) return true
  const path = withoutPercents(url.pathname)
  return (
    path.length > LONG_PATH ||
    path.split('/').some((piece) => isOpaque(piece, OPAQUE_IN_PATH)) ||
    isOpaque(url.hash.slice(1), OPAQUE_IN_PATH) ||
    question.holdsRun(path, RUN_IN_PATH) ||
    holdsHidden(path.split('/'), question)
  )
}

function carriesQuery(url: URL, question: Question): boolean {
  const query = withoutPercents(url.search.replaceAll('+', ' '))
  if (query.length > LONG_QUERY) return true
  const values = query.slice(1).split(/[&=;]/)
  return (
    values.some((value) => isOpaque(value, OPAQUE_IN_QUERY)) ||
    values.some((value) => question.holdsRun(value, RUN_OF_QUESTION)) ||
    values.some((value) => hasNumberOf(value, question)) ||
    holdsHidden(values, question)
  )
}

/** A number of the question, four digits or more. */
const hasNumberOf = (value: string, question: Question): boolean =>
  (value.match(/\d{4,}/g) ?? []).some((digits) => question.holds(digits, 'NUMBER'))

/** Letters and digits in a run that no word has: base64, hexadecimal and their kin. */
function isOpaque(piece: string, least: number): boolean {
  for (const [run] of piece.matchAll(/[A-Za-z\d+/_~-]+={0,2}/g)) {
    if (run.length < least) continue
    // words between dashes are words
    const longest = Math.max(...run.split(/[-_/]/).map(({ length }) => length))
    if (longest >= least || (/\d/.test(run) && /[a-z]/.test(run) && /[A-Z]/.test(run))) return true
  }
  return false
}

const BASE64 = /^[A-Za-z\d+/_-]{8,}={0,2}$/
const HEX = /^(?:[\da-f]{2}){6,}$/i

/** What is written in base64 or hexadecimal and says what the question says. */
function holdsHidden(pieces: readonly string[], question: Question): boolean {
  return pieces.some((piece) => {
    const texts = [
      ...(HEX.test(piece) ? [fromHex(piece)] : []),
      ...(BASE64.test(piece) ? [fromBase64(piece)] : []),
    ]
    return texts.some((text) => question.holdsRun(text, 6))
  })
}

const fromHex = (text: string): string =>
  text.replaceAll(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16)))

function fromBase64(text: string): string {
  try {
    return atob(text.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, ''))
  } catch {
    return ''
  }
}
