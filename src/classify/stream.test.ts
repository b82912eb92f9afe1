import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import type { Finding } from '#kernel/label.ts'
import { createClassifier } from './classify.ts'
import { DETECTORS, literalGroups } from './detectors/list.ts'
import { blocksOf, CUT_BLOCK, scanWhole } from './scan-blocks.ts'
import { buildLexicon } from './scan/lexicon.ts'
import { Steps } from './scan/steps.ts'
import { scannerOf, scanText } from './scan-text.ts'
import { type BlockSizes, LARGE_BLOCKS, SMALL_BLOCKS } from './seams.ts'
import { createStreamClassifier, type StreamClassifier } from './stream.ts'

const classify = createClassifier()
const scanner = scannerOf(DETECTORS, buildLexicon(literalGroups(DETECTORS)))
const dashes = '-'.repeat(5)
/** No key: letters in the frame of one. */
const KEY = `${dashes}BEGIN PRIVATE KEY${dashes}\n${`${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC'.repeat(2)}\n`.repeat(30)}${dashes}END PRIVATE KEY${dashes}`
const PROSE = 'Le ciel était clair et la mer restait calme ce soir. '
const SAMPLES = [
  'IBAN FR76 3000 6000 0112 3456 7890 189.',
  'NIR 2 69 05 49 588 157 80.',
  'Écrire à jean.dupont@acme.fr.',
  'Mme Le Goff est diabétique.',
  '\nCONFIDENTIEL\n',
  `Jeton ${['glpat', 'q7Zr2mK9xVb4Tn8LpW3c'].join('-')}.`,
  'Appeler le 06 12 34 56 78.',
  'cafe\u0301 &#48;6 12 34 56 78 \\u0030',
  `${Buffer.from(`virement sur FR76 3000 6000 0112 3456 7890 189 ${PROSE}`).toString('base64').replaceAll(/.{76}/g, '$&\n')}\n`,
  `${gzipSync(`virement sur FR76 3000 6000 0112 3456 7890 189 ${PROSE}`).toString('base64')} `,
  KEY,
] as const

/** Fed in pieces that end at these places. */
function streamed(classifier: StreamClassifier, text: string, cuts: readonly number[]) {
  const findings: Finding[] = []
  let { start: state } = classifier
  let last = 0
  for (const cut of [...cuts, text.length]) {
    const [next, events] = classifier.step(state, text.slice(last, cut), cut === text.length)
    state = next
    last = cut
    findings.push(...events.findings)
    assert.ok(events.settled <= cut)
    for (const one of events.findings) assert.ok(one.end <= cut, 'told before it was read')
  }
  return { findings, ...classifier.label(state), state }
}

const view = (all: readonly { type: string; rule: string; start: number; end: number }[]) =>
  all.map(({ type, rule, start, end }) => `${start}-${end} ${type} ${rule}`)
const wholeFindings = (text: string) =>
  view(scanText(text, '', scanner, new Steps(Number.POSITIVE_INFINITY)).spotted)

/** Small blocks with the reach of large ones, so that many seams fall in a short text. */
const SIZES: BlockSizes = { whole: 900, block: 400, before: 600, after: 600, longest: 50_000 }

const prose = fc.integer({ min: 0, max: 400 }).map((length) => PROSE.repeat(9).slice(0, length))
const text = fc
  .array(fc.oneof(fc.constantFrom(...SAMPLES), prose, fc.string({ maxLength: 40 })), {
    minLength: 2,
    maxLength: 9,
  })
  .map((pieces) => pieces.join(' '))

describe('a stream', () => {
  test('at rest gives what the whole text gives, at every split', () => {
    const classifier = createStreamClassifier({ floor: 'public', pace: 'at-rest', sizes: SIZES })
    fc.assert(
      fc.property(text, fc.array(fc.nat(), { maxLength: 20 }), (whole, places) => {
        const cuts = places.map((place) => place % whole.length).toSorted((a, b) => a - b)
        const steps = new Steps(Number.POSITIVE_INFINITY)
        const expected = scanWhole(whole, '', scanner, steps, SIZES)
        const { findings, state } = streamed(classifier, whole, cuts)
        assert.deepEqual(view(findings), view(expected.spotted))
        assert.equal(state.steps, steps.spent)
      }),
      { numRuns: 150 },
    )
  })

  test('live gives what the whole text gives, whatever the pieces', () => {
    const classifier = createStreamClassifier({ floor: 'public', pace: 'live' })
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 97 }), (whole, size) => {
        const cuts = Array.from(
          { length: Math.ceil(whole.length / size) - 1 },
          (_, i) => (i + 1) * size,
        )
        assert.deepEqual(view(streamed(classifier, whole, cuts).findings), wholeFindings(whole))
      }),
      { numRuns: 100 },
    )
  })

  test('live finds every sample cut at every place', () => {
    const classifier = createStreamClassifier({ floor: 'public', pace: 'live' })
    for (const sample of SAMPLES) {
      const whole = `${PROSE.repeat(20)}${sample} ${PROSE.repeat(20)}`
      const expected = wholeFindings(whole)
      assert.ok(expected.length > 0)
      const from = PROSE.length * 20
      const step = sample === KEY ? 37 : 1
      for (let cut = from; cut < from + sample.length; cut += step) {
        assert.deepEqual(view(streamed(classifier, whole, [cut]).findings), expected)
      }
    }
  })

  test('live finds every sample wherever its blocks fall', () => {
    const classifier = createStreamClassifier({ floor: 'public', pace: 'live' })
    for (const sample of SAMPLES) {
      for (let pad = 0; pad <= SMALL_BLOCKS.block; pad += 5) {
        const whole = `${'x '.repeat(pad)}${PROSE.repeat(20)}${sample} ${PROSE.repeat(20)}`
        assert.deepEqual(view(streamed(classifier, whole, []).findings), wholeFindings(whole))
      }
    }
  })

  test('gives the label of the whole text, counts over many blocks included', () => {
    const classifier = createStreamClassifier({ floor: 'public', pace: 'live' })
    const names = ['Camille Durand', 'Paul Mercier', 'Anne Leroy']
    const whole = names.map((name) => `${PROSE.repeat(40)}Réunion avec ${name}. `).join('')
    const { label } = streamed(classifier, whole, [100, 5_000])
    assert.deepEqual(
      label,
      classify([{ path: 'x', text: whole, kind: 'text' }], { floor: 'public' }).label,
    )
    assert.equal(label.class, 'confidential')
  })

  test('holds back a few lines of prose, and a key from its first line to its last', () => {
    const classifier = createStreamClassifier({ floor: 'public', pace: 'live' })
    const most = SMALL_BLOCKS.block + SMALL_BLOCKS.after + 32
    let { start: state } = classifier
    let fed = 0
    const feed = (piece: string): number => {
      const [next, { settled }] = classifier.step(state, piece, false)
      state = next
      fed += piece.length
      return fed - settled
    }
    for (let i = 0; i < 300; i++) assert.ok(feed(PROSE.slice(0, 7)) <= most)
    const opened = fed
    const body = KEY.slice(0, KEY.length - 40)
    for (let at = 0; at < body.length; at += 50) feed(body.slice(at, at + 50))
    assert.ok(fed - opened > most)
    assert.ok(state.offset + state.from <= opened, 'nothing of the key is settled')
    for (let i = 0; i < 900; i++) feed(PROSE)
    assert.ok(feed(PROSE) <= most, 'a key that never ends is let go')
    assert.ok(state.held.length < 4 * (SMALL_BLOCKS.before + most))
  })

  test('that never pauses is cut at the longest block and undetermined', () => {
    const sizes = { ...SMALL_BLOCKS, longest: 20_000 }
    const classifier = createStreamClassifier({ floor: 'public', pace: 'live', sizes })
    const { label, doubts } = streamed(classifier, 'QUJDREVG'.repeat(5_000), [9_000, 30_000])
    assert.equal(label.undetermined, true)
    assert.equal(doubts[0]?.rule, `detector-failed-${CUT_BLOCK}`)
  })

  test('spends one budget over all its blocks', () => {
    const options = { floor: 'public', pace: 'live', stepBudget: 100_000 } as const
    const short = streamed(createStreamClassifier(options), PROSE.repeat(40), [10])
    const long = streamed(createStreamClassifier(options), PROSE.repeat(4_000), [10])
    assert.deepEqual([short.label.undetermined, long.label.undetermined], [false, true])
  })
})

describe('a large text in blocks', () => {
  test('gives what one scan gives, with things planted around every seam', () => {
    const plain = PROSE.repeat(6_000)
    const seams = [...blocksOf(plain)].map(({ to }) => to).slice(0, -1)
    assert.ok(seams.length > 3)
    for (const sample of SAMPLES) {
      for (const shift of [-sample.length, -Math.ceil(sample.length / 2), -1, 0, 1]) {
        let whole = ''
        for (const seam of seams) whole += `${plain.slice(whole.length, seam + shift)} ${sample} `
        whole += plain.slice(0, 70_000)
        const steps = new Steps(Number.POSITIVE_INFINITY)
        assert.deepEqual(view(scanWhole(whole, '', scanner, steps).spotted), wholeFindings(whole))
      }
    }
  })

  test('is cut nowhere inside a run, a wrapped run or a key', () => {
    const run = Buffer.from(PROSE.repeat(3_000)).toString('base64')
    for (const piece of [run, run.replaceAll(/.{76}/g, '$&\r\n'), KEY.repeat(3)]) {
      const whole = `${PROSE.repeat(1_000)}${piece} ${PROSE.repeat(3_000)}`
      const from = PROSE.length * 1_000
      const length = piece.startsWith(dashes) ? KEY.length : piece.length
      for (const { to, isForced } of blocksOf(whole, { ...LARGE_BLOCKS, block: 10_000 })) {
        assert.ok(!isForced)
        assert.ok(to <= from || to >= from + length, `${to} in ${from}, ${from + length}`)
      }
    }
  })

  test('blocks follow one another and end with the text, on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 3_000 }), (whole) => {
        let at = 0
        for (const { from, to } of blocksOf(whole, {
          ...SIZES,
          whole: 10,
          block: 30,
          longest: 90,
        })) {
          assert.equal(from, at)
          assert.ok(to > from || whole === '')
          at = to
        }
        assert.equal(at, whole.length)
      }),
    )
  })
})
