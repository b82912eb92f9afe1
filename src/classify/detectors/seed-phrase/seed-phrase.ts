import { hash } from 'node:crypto'
import { BIP39_WORDS } from '../../data/bip39-english.ts'
import type { Detector, Draft } from '../../scan/detector.ts'
import type { Scan } from '../../scan/scan.ts'

const GROUP = 'seed-phrase'
const INDEX: ReadonlyMap<string, number> = new Map(BIP39_WORDS.map((word, i) => [word, i]))
/** Lengths of BIP-39, longest first. */
const LENGTHS = [24, 21, 18, 15, 12]
/** Twenty-four words of eight letters, numbered and on lines of their own. */
const WINDOW = 420
/** Twelve words of three letters, and what stands between them. */
const SHORTEST = 47
const WORD = /[a-z]{3,8}/g
/** Between two words: blanks, a comma, a number of the list. */
const BETWEEN = /^[\s,;]{1,4}(?:\d{1,2}[.):]?\s{0,2})?$/

/** Words in their order as bits: the last of them are the first of the SHA-256 of the others (BIP-39). */
export function seedCheck(words: readonly string[]): boolean {
  const sumBits = words.length / 3
  const bytes = Buffer.alloc((words.length * 4) / 3)
  let held = 0
  let heldBits = 0
  let filled = 0
  for (const word of words) {
    held = (held << 11) | (INDEX.get(word) ?? 0)
    heldBits += 11
    for (; heldBits >= 8 && filled < bytes.length; heldBits -= 8)
      bytes[filled++] = held >> (heldBits - 8)
    held &= (1 << heldBits) - 1
  }
  const first = hash('sha256', bytes, 'buffer')[0] ?? 0
  return held === first >> (8 - sumBits)
}

interface Word {
  readonly text: string
  readonly start: number
  readonly end: number
}

/** Recovery phrases of wallets (BIP-39): after their own name, or a text that is nothing else. */
export const seedPhrase: Detector = {
  id: 'seed-phrase',
  acrossParts: true,
  literals: [
    {
      name: GROUP,
      standing: 'stem',
      words:
        'seed phrase|seed words|recovery phrase|mnemonic|mnemonic phrase|secret recovery|wallet seed|backup phrase|bip39|bip-39|phrase de récupération|phrase de recuperation|phrase secrète|phrase mnémonique|mots de récupération'.split(
          '|',
        ),
    },
  ],
  find(scan, found) {
    const hits = scan.hits(GROUP)
    let done = -1
    let called = 0
    for (let i = 0; i < hits.length && !scan.steps.exhausted; i++) {
      const from = hits.ends[i] ?? 0
      // where one name follows another there is no room for words before the last
      const isCrowded = (hits.starts[i + 1] ?? Number.POSITIVE_INFINITY) < from + SHORTEST
      const keyword = hits.words[called]
      if (isCrowded) continue
      called = i + 1
      if (from < done) continue
      const draft = search(scan, from, keyword)
      if (draft === undefined) continue
      found(draft)
      done = draft.end
    }
    const { text } = scan
    if (
      hits.length > 0 ||
      text.length > WINDOW ||
      text.length < SHORTEST ||
      !/^\s{0,4}[a-z1]/.test(text)
    )
      return
    const draft = search(scan, 0, undefined)
    const whole = draft !== undefined && text.slice(0, draft.start).length < 5
    if (whole && text.slice(draft.end).trim() === '') found(draft)
  },
}

function search(scan: Scan, from: number, keyword: string | undefined): Draft | undefined {
  const chain = longestChain(scan.text.slice(from, from + WINDOW), from)
  scan.steps.spend(WINDOW)
  for (const length of LENGTHS) {
    for (let first = 0; first + length <= chain.length && first < 4; first++) {
      const words = chain.slice(first, first + length)
      const valid = seedCheck(words.map(({ text }) => text))
      const exact = keyword !== undefined && chain.length === length
      if (!valid && !exact) continue
      return {
        type: 'CRYPTO',
        rule: 'seed-phrase',
        start: words[0]?.start ?? 0,
        end: words.at(-1)?.end ?? 0,
        confidence: valid ? 0.95 : 0.7,
        because: [
          valid ? { kind: 'checksum', name: 'BIP-39' } : { kind: 'shape' },
          ...(keyword === undefined ? [] : [{ kind: 'keyword' as const, keyword }]),
        ],
      }
    }
  }
  return undefined
}

/** The first twelve words or more of the list that follow each other. */
function longestChain(window: string, from: number): readonly Word[] {
  let chain: Word[] = []
  for (const match of window.matchAll(WORD)) {
    const word = {
      text: match[0],
      start: from + match.index,
      end: from + match.index + match[0].length,
    }
    const last = chain.at(-1)
    const joined = last === undefined || BETWEEN.test(window.slice(last.end - from, match.index))
    if (joined && INDEX.has(word.text)) chain.push(word)
    else if (chain.length >= 12) break
    else chain = INDEX.has(word.text) ? [word] : []
  }
  return chain.length >= 12 ? chain.slice(0, 27) : []
}
