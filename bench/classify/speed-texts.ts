import { SENTENCES, random } from '../gateway/prose.ts'
import type { CleanTexts, Job } from './job.ts'

const CODE = [
  'export function step(state: State, chunk: string): readonly [State, readonly Event[]] {',
  '  const next = state.buffer + chunk',
  '  return [{ ...state, buffer: next.slice(-64) }, parse(next)]',
  '}',
  'for (const [index, item] of list.entries()) if (item.size > limit) sizes.set(index, item.size)',
  "import { readFile } from 'node:fs/promises'",
]
const LONG = [
  'Le comité a relu la proposition pendant la matinée et a retenu trois pistes pour la suite du chantier. Chaque piste sera décrite dans une note courte, puis discutée avec les équipes concernées avant la fin du mois.',
  'The committee read the proposal during the morning and kept three ideas for the next stage of the work. Each idea will be described in a short note, then discussed with the people concerned before the month ends.',
]

const WHOLE_UNITS = 2_000_000
const MESSAGE_UNITS = 1_000
const MESSAGES = 2_000

/** Prose in both languages and code, nothing to find; the same in every run. */
export function cleanTexts(): CleanTexts {
  const next = random(4141)
  const pick = (from: readonly string[]): string => from[Math.floor(next() * from.length)] ?? ''
  const paragraph = (): string =>
    next() < 0.25
      ? `${pick(CODE)}\n${pick(CODE)}\n`
      : `${pick(SENTENCES)} ${next() < 0.3 ? pick(LONG) : pick(SENTENCES)}\n`
  const textOf = (units: number): string => {
    const pieces: string[] = []
    for (let length = 0; length < units;) {
      const piece = paragraph()
      pieces.push(piece)
      length += piece.length
    }
    return pieces.join('').slice(0, units)
  }
  return {
    whole: textOf(WHOLE_UNITS),
    messages: Array.from({ length: MESSAGES }, () => textOf(MESSAGE_UNITS)),
  }
}

const UNITS: Readonly<Record<string, string>> = {
  digits: '7',
  'digit groups': '12 ',
  'a@': 'a@',
  'a.': 'a.',
  'a@a.': 'a@a.',
  spaces: ' ',
  newlines: '\n',
  dashes: '-',
  zeros: '0x',
  base64: 'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo',
  brackets: '[{(',
  quotes: '\\"',
  uppercase: 'MARTIN ',
  capitals: 'Aa Bb ',
  percent: '%41',
  entities: '&#65;',
  escapes: '\\u0041',
  eyJ: 'eyJhbGci.',
  'begin pem': '-----BEGIN PRIVATE KEY-----',
  password: 'password is ',
  'key=': 'secret_key=',
  urls: 'a://b:',
  'first names': 'Marie ',
  streets: '12 rue ',
  iban: 'FR76 ',
  emoji: '😀',
  'combining marks': 'e\u0301\u0301',
  'zero width': '1\u200b',
  'right to left': '\u202eאב',
}

export const HOSTILE: Job['hostile'] = Object.entries(UNITS).map(([name, unit]) => ({ name, unit }))

/** Bytes, or as near to them as whole units come. */
export const SIZES: readonly number[] = [10_000, 20_000, 100_000, 1_000_000, 10_000_000]
