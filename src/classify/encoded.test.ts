import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { deflateSync, gzipSync } from 'node:zlib'
import { createClassifier } from './classify.ts'

const classify = createClassifier()
const classified = (text: string) =>
  classify([{ path: 'x', text, kind: 'text' }], { floor: 'public' })
const placesOf = (text: string): readonly string[] =>
  classified(text).findings.map((one) => `${one.type} ${text.slice(one.start, one.end)}`)

const IBAN = 'FR76 3000 6000 0112 3456 7890 189'
const SENTENCE = `À virer dès lundi sur le compte ${IBAN}, merci.`
const base64 = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64')

/** RFC 4648 written out, as the reader must not be its own witness. */
function base32(text: string): string {
  const bits = Array.from(Buffer.from(text), (byte) => byte.toString(2).padStart(8, '0')).join('')
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const groups = bits.match(/.{1,5}/g) ?? []
  return groups.map((group) => letters[Number.parseInt(group.padEnd(5, '0'), 2)]).join('')
}

/** Bytes without any order, the same at every run. */
function noise(length: number): Buffer {
  const bytes = Buffer.alloc(length)
  let state = 12_345
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    bytes[i] = state >>> 16
  }
  return bytes
}

describe('what is encoded is read, and the finding stands on the run', () => {
  const wide = Buffer.from(SENTENCE, 'utf16le')
  for (const [name, run] of [
    ['base64', base64(SENTENCE)],
    ['base64 of a text whose accents fall anywhere', base64(`${'é'.repeat(17)}${SENTENCE}`)],
    ['base64url', Buffer.from(`¿?>~ÿ ${SENTENCE}`).toString('base64url')],
    ['Latin-1', base64(Buffer.from(SENTENCE, 'latin1'))],
    ['UTF-16 as PowerShell wants it', base64(wide)],
    ['UTF-16, big end first', base64(Buffer.from(wide).swap16())],
    ['Cyrillic prose around', base64(`Счёт получателя: ${IBAN}. Спасибо.`)],
    ['hex', Buffer.from(SENTENCE).toString('hex')],
    ['upper case hex', Buffer.from(SENTENCE).toString('hex').toUpperCase()],
    ['base32', base32(SENTENCE)],
    ['gzip', base64(gzipSync(SENTENCE))],
    ['zlib', base64(deflateSync(SENTENCE))],
    ['gzip in hex', gzipSync(SENTENCE).toString('hex')],
    ['base64 in gzip in base64', base64(gzipSync(base64(SENTENCE)))],
    ['text after other bytes', base64(Buffer.concat([noise(90), Buffer.from(SENTENCE.repeat(9))]))],
  ] as const) {
    test(name, () => assert.ok(placesOf(`voici ${run} fin`).includes(`IBAN_CODE ${run}`)))
  }

  for (const [name, before, after] of [
    ['a data URL', 'src="data:text/plain;charset=utf-8;base64,', '"'],
    ['a field of a form', 'a=1&payload=', '&b=2'],
    ['a path', 'GET /v1/items/', ' HTTP/1.1'],
    ['a shell command', 'powershell -enc ', '\n'],
    ['an assignment', 'TOKEN_DATA=', '\n'],
  ] as const) {
    test(`in ${name}`, () => {
      const run = base64(SENTENCE.padEnd(66, '.'))
      assert.ok(placesOf(`${before}${run}${after}`).includes(`IBAN_CODE ${run}`))
    })
  }

  test('over the lines of a mail, wherever they are cut', () => {
    for (let pad = 0; pad < 60; pad++) {
      const lines = base64(`${'x'.repeat(pad)} ${SENTENCE}`).match(/.{1,76}/g) ?? []
      for (const end of ['\n', '\r\n', '\n    ', '\\n']) {
        const run = lines.join(end)
        assert.ok(placesOf(`voici :\n${run}\n`).includes(`IBAN_CODE ${run}`), `${pad}`)
      }
    }
  })

  test('three persons in one run are three persons', () => {
    const run = base64('Réunion avec Camille Durand, Paul Mercier et Anne Leroy')
    assert.equal(classified(run).label.class, 'confidential')
  })
})

describe('what hides nothing stays quiet', () => {
  const png = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
  for (const [name, text] of [
    [
      'a picture',
      `![](data:image/png;base64,${base64(Buffer.concat([Buffer.from(png), noise(40_000)]))})`,
    ],
    ['a large picture', base64(Buffer.concat([Buffer.from(png), noise(3_000_000)]))],
    ['a font', base64(Buffer.concat([Buffer.from('wOF2'), noise(40_000)]))],
    ['bytes of any kind', base64(noise(40_000))],
    ['hashes', Array.from({ length: 500 }, (_, i) => base64(noise(64 + i))).join('\n')],
    ['digests', Array.from({ length: 500 }, (_, i) => noise(32 + i).toString('hex')).join('\n')],
  ] as const) {
    test(name, () => {
      assert.deepEqual(classified(text), {
        label: { class: 'public', categories: [], undetermined: false },
        findings: [],
      })
    })
  }
})

describe('what is more than the caps allow leaves the text undetermined', () => {
  const prose = 'The lock keeper opens the gate. '
  for (const [name, text] of [
    ['a bomb', base64(gzipSync(Buffer.alloc(200_000_000, 'a')))],
    ['many small bombs', `${base64(gzipSync(Buffer.alloc(3_000_000, 'a')))} `.repeat(40)],
    ['gzip in gzip in base64', base64(gzipSync(gzipSync(prose.repeat(9))))],
    ['a third layer', base64(base64(base64(prose.repeat(9))))],
    [
      'gzip that breaks',
      base64(gzipSync(noise(4_000))).replace(/^(.{900}).{40}/, `$1${'A'.repeat(40)}`),
    ],
    ['more runs than are opened', `${base64(prose)} `.repeat(10_001)],
  ] as const) {
    test(name, () => assert.equal(classified(text).label.undetermined, true))
  }

  test('a cut end is read up to the cut', () => {
    const run = base64(gzipSync(noise(900).toString('hex') + SENTENCE))
    assert.equal(classified(base64(gzipSync(SENTENCE)).slice(0, -8)).label.class, 'confidential')
    assert.equal(classified(run.slice(0, 600)).label.undetermined, false)
  })
})
