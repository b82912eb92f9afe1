import { crc32 } from 'node:zlib'
import { below, digits, letters, pick, type Random } from './numbers.ts'

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const BASE64_URL = `${BASE62}-_`
const HEX = '0123456789abcdef'

/** The tail of GitHub's and npm's tokens: CRC-32 of the body in six digits of base 62. */
function withCrc(prefix: string, body: string): string {
  let value = crc32(body)
  let tail = ''
  for (; tail.length < 6; value = Math.floor(value / 62)) tail = (BASE62[value % 62] ?? '0') + tail
  return prefix + body + tail
}

const base64 = (text: string): string => Buffer.from(text).toString('base64url')

/** A key of random bytes between its lines; no key that anything accepts. */
function pem(next: Random): string {
  const lines = Array.from({ length: 8 }, () => letters(next, 64, `${BASE62}+/`))
  const name = pick(next, [
    'RSA PRIVATE KEY',
    'PRIVATE KEY',
    'EC PRIVATE KEY',
    'OPENSSH PRIVATE KEY',
  ])
  return [`-----BEGIN ${name}-----`, ...lines, `-----END ${name}-----`].join('\n')
}

const jwt = (next: Random): string =>
  [
    base64(JSON.stringify({ alg: 'HS256', typ: 'JWT' })),
    base64(JSON.stringify({ sub: digits(next, 10), iat: 1700000000 + below(next, 9999999) })),
    letters(next, 43, BASE64_URL),
  ].join('.')

/** Secrets by the form that their makers document, put together here: nothing of the kind stands in a file. */
export const SECRETS: Readonly<Record<string, (next: Random) => string>> = {
  aws: (next) => `AKIA${letters(next, 16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`,
  github: (next) => withCrc(pick(next, ['ghp_', 'gho_', 'ghs_']), letters(next, 30, BASE62)),
  gitlab: (next) => `glpat-${letters(next, 20, BASE64_URL)}`,
  slack: (next) => `xoxb-${digits(next, 12)}-${digits(next, 13)}-${letters(next, 24, BASE62)}`,
  stripe: (next) => `sk_live_${letters(next, 24, BASE62)}`,
  google: (next) => `AIza${letters(next, 35, BASE64_URL)}`,
  anthropic: (next) => `sk-ant-api03-${letters(next, 93, BASE64_URL)}AA`,
  npm: (next) => withCrc('npm_', letters(next, 30, BASE62)),
  huggingface: (next) =>
    `hf_${letters(next, 34, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz')}`,
  sendgrid: (next) => `SG.${letters(next, 22, BASE64_URL)}.${letters(next, 43, BASE64_URL)}`,
  shopify: (next) => `shpat_${letters(next, 32, HEX)}`,
  digitalocean: (next) => `dop_v1_${letters(next, 64, HEX)}`,
  jwt,
  pem,
  password: (next) =>
    `${letters(next, 5, 'bcdfghjklmnpqrst')}${digits(next, 3)}${pick(next, ['!', '#', '?'])}${letters(next, 4)}`,
  token: (next) => letters(next, 40, BASE62),
  hex: (next) => letters(next, 40, HEX),
  basic: (next) => Buffer.from(`deploy:${letters(next, 16, BASE62)}`).toString('base64'),
}
