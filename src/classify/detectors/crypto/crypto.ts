import { base58, base58Check } from '../../checks/base58.ts'
import { segwitCheck } from '../../checks/bech32.ts'
import { ethereumCheck } from '../../checks/keccak.ts'
import type { Detector, Draft } from '../../scan/detector.ts'
import type { Scan } from '../../scan/scan.ts'
import { isWordAt } from '../../scan/symbols.ts'

const GROUP = 'wallet'
const BASE58 = /^[1-9A-HJ-NP-Za-km-z]+$/
/** Burn addresses and the zero address belong to nobody. */
const NOBODY = /^0x(?:0{36}|f{36}|dead|[eE]{36})/i

interface Reading {
  readonly rule: string
  readonly check?: string
  /** Confidence without a word near it; below 0.45 a word is needed. */
  readonly alone: number
}

/** Version bytes of base58check addresses of 25 bytes. */
const VERSIONS: ReadonlyMap<number, string> = new Map([
  [0x00, 'btc'],
  [0x05, 'btc'],
  [0x1e, 'doge'],
  [0x30, 'ltc'],
  [0x32, 'ltc'],
  [0x41, 'trx'],
])

/** Addresses of wallets: Bitcoin (base58check; BIP 173, BIP 350), Litecoin, Dogecoin, TRON (base58check), Ethereum (ERC-55), Monero and Solana beside a word. */
export const crypto: Detector = {
  id: 'crypto',
  acrossParts: true,
  literals: [
    {
      name: GROUP,
      standing: 'stem',
      words:
        'wallet|bitcoin|btc|ethereum|eth|monero|xmr|solana|sol|tron|trx|usdt|crypto|cryptocurrency|portefeuille|cryptomonnaie|adresse de portefeuille|blockchain|litecoin|dogecoin|phantom|metamask'.split(
          '|',
        ),
    },
  ],
  find(scan, found) {
    const { tokens } = scan.runs
    for (let i = 0; i + 1 < tokens.length && !scan.steps.exhausted; i += 2) {
      const end = tokens[i + 1] ?? 0
      // `address=1A1z…`, `/address/1A1z…`: what stands before the last sign is a name
      const start = afterSign(scan.text, tokens[i] ?? 0, end)
      if (end - start >= 25 && end - start <= 106 && !isWordAt(scan.text, start - 1)) {
        const draft = addressAt(scan, start, end)
        if (draft !== undefined) found(draft)
      }
    }
  },
}

function afterSign(text: string, start: number, end: number): number {
  const from = Math.max(start, end - 107)
  for (let at = end - 1; at >= from; at--) if ('=/_+-'.includes(text[at] ?? '')) return at + 1
  return from
}

function addressAt(scan: Scan, start: number, end: number): Draft | undefined {
  const value = scan.text.slice(start, end)
  const reading = read(value)
  scan.steps.spend(value.length)
  if (reading === undefined) return undefined
  const keyword = scan.inKey(GROUP) ?? scan.near(GROUP, start, end)
  const confidence = keyword === undefined ? reading.alone : Math.max(0.85, reading.alone)
  return {
    type: 'CRYPTO',
    rule: reading.rule,
    start,
    end,
    confidence,
    because: [
      reading.check === undefined ? { kind: 'shape' } : { kind: 'checksum', name: reading.check },
      ...(keyword === undefined ? [] : [{ kind: 'keyword' as const, keyword }]),
    ],
  }
}

function read(value: string): Reading | undefined {
  const { length } = value
  if (length === 42 && /^0x[\da-f]{40}$/i.test(value)) {
    if (NOBODY.test(value)) return undefined
    const held = ethereumCheck(value.slice(2))
    if (held === false) return undefined
    return held === true
      ? { rule: 'eth', check: 'ERC-55', alone: 0.85 }
      : { rule: 'eth', alone: 0.5 }
  }
  if (/^(?:bc1|tb1|ltc1)/i.test(value)) {
    const network = value.slice(0, value.indexOf('1')).toLowerCase()
    if (!segwitCheck(value, network)) return undefined
    return { rule: network === 'ltc' ? 'ltc' : 'btc', check: 'bech32', alone: 0.95 }
  }
  if (!BASE58.test(value)) return undefined
  if (length <= 35 && '13LMDTt'.includes(value[0] ?? ' ')) {
    const rule = VERSIONS.get(base58Check(value)?.[0] ?? -1)
    if (rule !== undefined) return { rule, check: 'base58check', alone: 0.95 }
  }
  if (length === 95 && /^[48][\dAB]/.test(value)) return { rule: 'xmr', alone: 0.65 }
  if (length === 106 && value.startsWith('4')) return { rule: 'xmr', alone: 0.65 }
  const solana = length >= 32 && length <= 44 && isMixed(value) && base58(value)?.length === 32
  return solana ? { rule: 'sol', alone: 0 } : undefined
}

const isMixed = (value: string): boolean =>
  /\d/.test(value) && /[a-z]/.test(value) && /[A-Z]/.test(value)
