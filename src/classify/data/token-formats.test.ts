import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { base62Crc, crc32 } from '../checks/crc32.ts'
import { createClassifierOf } from '../classify.ts'
import { namedToken } from '../detectors/named-token/named-token.ts'
import { vendorToken } from '../detectors/vendor-token/vendor-token.ts'
import { sampleShape, seeded } from '../testing/sample-shape.ts'
import { DEFAULT_CLASSES } from './classes.ts'
import table from './token-formats.json' with { type: 'json' }
import { KEY_ISSUERS, TOKEN_FORMATS, TokenTable, type TokenFormat } from './token-formats.ts'

const classify = createClassifierOf([vendorToken, namedToken], DEFAULT_CLASSES)

const findingsIn = (text: string) =>
  classify([{ path: 'text', text, kind: 'text' }], { floor: 'public' }).findings

const spansIn = (text: string): readonly string[] =>
  findingsIn(text).map(({ start, end }) => text.slice(start, end))

const rulesIn = (text: string): readonly string[] => findingsIn(text).map(({ rule }) => rule)

/** The literal that the token begins with. */
const prefixOf = ({ start }: TokenFormat, token: string): string =>
  start?.findLast((literal) => token.startsWith(literal)) ?? ''

/** The last digits made right where the format carries a check. */
function withCheck(token: string, { check }: TokenFormat): string {
  const secret = token.slice(token.indexOf('_') + 1)
  if (check === 'base62-crc') return token.slice(0, -6) + base62Crc(secret.slice(0, -6))
  if (check !== 'hex-crc') return token
  const sum = crc32(Buffer.from(secret.slice(0, -8), 'hex').toString('latin1'))
  return token.slice(0, -8) + sum.toString(16).padStart(8, '0')
}

/** Synthetic tokens of a format, the same on every run. */
const samplesOf = (format: TokenFormat): readonly string[] => {
  const random = seeded(TOKEN_FORMATS.indexOf(format) + 1)
  return Array.from({ length: 3 }, () => withCheck(sampleShape(format.shape, random), format))
}

const inContext = ({ near }: TokenFormat, token: string): string =>
  near === undefined ? `le jeton : ${token} .` : `${near[0]} secret key = "${token}"`

const covers = (text: string, token: string): boolean =>
  spansIn(text).some((span) => span.includes(token) || token.includes(span))

describe('token-formats.json', () => {
  test('has the shape its readers expect, and nothing else', () => {
    assert.equal(TokenTable.safeParse(table).error?.message, undefined)
    const [row] = table.formats
    const withTypo = { ...table, formats: [{ ...row, shap: 'x' }] }
    assert.equal(TokenTable.safeParse(withTypo).success, false)
  })

  test('knows at least three hundred formats, each rule named once, each issuer once', () => {
    const rules = TOKEN_FORMATS.map(({ rule }) => rule)
    assert.ok(rules.length >= 300)
    assert.equal(new Set(rules).size, rules.length)
    assert.equal(new Set(KEY_ISSUERS).size, KEY_ISSUERS.length)
    const named = new Set(TOKEN_FORMATS.flatMap(({ near }) => near ?? []))
    assert.deepEqual(
      KEY_ISSUERS.filter((name) => named.has(name)),
      [],
    )
  })

  test('French and European vendors are there', () => {
    const vendors = new Set(TOKEN_FORMATS.map(({ vendor }) => vendor))
    const expected =
      'Scaleway,OVHcloud,Mistral AI,Clever Cloud,Brevo,Mollie,GoCardless,Qonto,Scalingo,Hetzner,Adyen,Mailjet,Yousign'
    assert.deepEqual(
      expected.split(',').filter((vendor) => !vendors.has(vendor)),
      [],
    )
  })

  test('every quantifier is bounded', () => {
    for (const { rule, shape } of TOKEN_FORMATS) {
      const bare = shape.replaceAll(/\\./g, '').replaceAll(/\[[^\]]*\]/g, '')
      assert.ok(!/[*+]|\{\d+,\}/.test(bare), rule)
    }
  })
})

for (const format of TOKEN_FORMATS) {
  describe(format.rule, () => {
    const samples = samplesOf(format)

    test('is found', () => {
      const seen = samples.filter((token) => covers(inContext(format, token), token))
      assert.ok(seen.length > 0, `${format.rule} ${format.shape}`)
    })

    test('is not found when it is cut, holds a foreign character or is a placeholder', () => {
      for (const token of samples) {
        const from = prefixOf(format, token).length
        const foreign = token.replaceAll(/[^]{6}./g, (piece) => `${piece.slice(0, 6)}§`)
        const masked = token.slice(0, from) + token.slice(from).replaceAll(/[A-Za-z\d]/g, 'x')
        for (const wrong of [token.slice(0, -1), foreign, masked]) {
          assert.ok(!rulesIn(inContext(format, wrong)).includes(format.rule), format.shape)
        }
      }
    })

    if (format.near !== undefined) {
      test('is nothing without its name', () => {
        for (const token of samples)
          assert.ok(!spansIn(bare(token)).includes(token) || known(token))
      })
    }

    if (format.check !== undefined) {
      test('is not found when its check fails', () => {
        for (const token of samples) {
          const last = token.endsWith('0') ? '1' : '0'
          assert.deepEqual(spansIn(bare(token.slice(0, -1) + last)), [])
        }
      })
    }
  })
}

const bare = (token: string): string => `voir ${token} ici`

/** Some unmarked shapes include those of another format with a literal of its own. */
const known = (token: string): boolean =>
  TOKEN_FORMATS.some(({ start }) => start?.some((literal) => token.includes(literal)) === true)
