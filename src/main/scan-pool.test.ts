import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { describe, test, type TestContext } from 'node:test'
import { type Classified, createClassifier, createClassifierOf } from '#classify/classify.ts'
import { classifyLarge } from '#classify/classify-large.ts'
import { DEFAULT_CLASSES } from '#classify/data/classes.ts'
import { DETECTORS } from '#classify/detectors/list.ts'
import { ClassificationMemo } from '#classify/memo.ts'
import type { ScanJob } from '#classify/scan-jobs.ts'
import type { TextPart } from '#kernel/text-part.ts'
import { ScanPool, type ScanPoolOptions } from './scan-pool.ts'

const PROSE = 'Le ciel était clair et la mer restait calme ce soir. '
const IBAN = 'FR76 3000 6000 0112 3456 7890 189'
const LARGE = `${`${PROSE.repeat(900)} ${IBAN} `.repeat(26)}Mme Le Goff est diabétique.`
const part = (text: string, path = 'messages.0.content'): TextPart => ({ path, text, kind: 'text' })
const options = { floor: 'public', tenant: 'a' } as const

function poolFor(t: TestContext, given: ScanPoolOptions = {}): ScanPool {
  const pool = new ScanPool({ size: 2, ...given })
  t.after(() => pool.close())
  return pool
}

/** A thread that ends where a real one would answer. */
const BROKEN = new URL(
  `data:text/javascript,${encodeURIComponent("import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => { throw new Error('secret text') })")}`,
)

describe('large texts in threads', () => {
  test('give what the whole request gives in one', async (t) => {
    const pool = poolFor(t)
    const classify = createClassifier()
    const aside = classifyLarge(classify, (job) => pool.run(job))
    const parts = [part('Bonjour Camille Durand'), part(LARGE), part(`${IBAN} ${LARGE}`, 'iban')]
    const classified = aside(parts, options)
    assert.ok(classified instanceof Promise)
    const expected = classify(parts, options)
    assert.equal(expected.findings.length > 50, true)
    assert.deepEqual(await classified, expected)
    assert.equal(pool.threads, 2)
  })

  test('small ones are classified at once, and no thread is started', (t) => {
    const pool = poolFor(t)
    const aside = classifyLarge(createClassifier(), (job) => pool.run(job))
    const classified = aside([part(`IBAN ${IBAN}`)], options)
    assert.ok(!(classified instanceof Promise))
    assert.equal(classified.label.class, 'confidential')
    assert.equal(pool.threads, 0)
  })

  test('what is remembered is not scanned again', async (t) => {
    const pool = poolFor(t)
    let jobs = 0
    const memo = new ClassificationMemo({ key: createSecretKey(Buffer.alloc(32, 7)) })
    const aside = classifyLarge(createClassifier(undefined, memo), (job) => {
      jobs += 1
      return pool.run(job)
    })
    const first = await aside([part(LARGE)], options)
    const before = jobs
    assert.ok(before > 1, 'several threads may share one text')
    const second = await aside([part(LARGE), part('et alors ?')], options)
    assert.equal(jobs, before)
    assert.deepEqual(second.label, first.label)
  })

  test('detectors that threads do not know run here', async (t) => {
    const pool = poolFor(t)
    const own = {
      id: 'own',
      acrossParts: false,
      literals: [{ name: 'own', standing: 'word' as const, words: ['mer restait'] }],
      find: (
        scan: { hits: (group: string) => { length: number } },
        found: (draft: never) => void,
      ) => {
        if (scan.hits('own').length === 0) return
        found({
          type: 'SECRET',
          rule: 'own',
          start: 0,
          end: 9,
          confidence: 1,
          because: [],
        } as never)
      },
    }
    const classify = createClassifierOf([...DETECTORS, own], DEFAULT_CLASSES)
    const { findings } = await classifyLarge(classify, (job) => pool.run(job))(
      [part(LARGE)],
      options,
    )
    assert.ok(findings.some(({ rule }) => rule === 'own'))
    assert.ok(findings.some(({ type }) => type === 'IBAN_CODE'))
  })

  test('a thread that dies leaves its text undetermined, says so, and the next text is read', async (t) => {
    const broken = poolFor(t, { script: BROKEN })
    const aside = classifyLarge(createClassifier(), (job) => broken.run(job))
    const { label, findings }: Classified = await aside([part(LARGE)], options)
    assert.deepEqual([label.class, label.undetermined], ['restricted', true])
    assert.deepEqual(
      findings.filter(({ type }) => type === 'UNDETERMINED').map(({ rule }) => rule),
      ['detector-failed-scan-thread'],
    )
    assert.equal(broken.threads, 0)

    const pool = poolFor(t, { size: 1 })
    const poison = { text: 'x', blocks: null } as unknown as ScanJob
    const [lost, found] = await Promise.all([
      pool.run(poison),
      pool.run({
        text: IBAN,
        blocks: [{ from: 0, to: 33, isForced: false }],
        key: '',
        stepBudget: 1e6,
      }),
    ])
    assert.deepEqual(lost.failed, ['scan-thread'])
    assert.equal(found.spotted[0]?.type, 'IBAN_CODE')
  })

  test('a spent step budget in threads is undetermined', async (t) => {
    const pool = poolFor(t)
    const aside = classifyLarge(createClassifier(), (job) => pool.run(job))
    const { label, findings } = await aside([part(LARGE)], { ...options, stepBudget: 1_000_000 })
    assert.equal(label.undetermined, true)
    assert.equal(findings.at(-1)?.rule, 'step-budget')
  })

  test('idle threads end, new work starts new ones, and closing leaves nothing waiting', async (t) => {
    const pool = poolFor(t, { idleMs: 0 })
    const job = {
      text: IBAN,
      blocks: [{ from: 0, to: 33, isForced: false }],
      key: '',
      stepBudget: 1e6,
    }
    await pool.run(job)
    while (pool.threads > 0) await new Promise((resolve) => setImmediate(resolve))
    assert.equal((await pool.run(job)).spotted.length, 1)
    const waiting = Array.from({ length: 9 }, () => pool.run(job))
    await pool.close()
    assert.equal((await Promise.all(waiting)).at(-1)?.failed[0], 'scan-thread')
    assert.equal((await pool.run(job)).failed[0], 'scan-thread')
    assert.equal(pool.threads, 0)
  })
})
