import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { describe, test } from 'node:test'
import { inspect } from 'node:util'
import fc from 'fast-check'
import type { TextPart } from '#kernel/text-part.ts'
import { createClassifier, createClassifierOf } from './classify.ts'
import { DEFAULT_CLASSES } from './data/classes.ts'
import { ClassificationMemo } from './memo.ts'
import { Steps } from './scan/steps.ts'

const key = createSecretKey(Buffer.alloc(32, 7))
const plain = createClassifier()

/** Pieces that are found, that are found only beside others, and that are nothing. */
const SNIPPETS = [
  'Merci de relire la note avant lundi.',
  'my name is Marie Durand',
  'Camille Martin',
  'jean.dupont@entreprise.fr',
  'lea.petit@entreprise.fr',
  'Paul Bernard a un cancer du poumon',
  'FR76 3000 6000 01',
  '12 3456 7890 189',
  'FR7630006000011234567890189',
  '4970 1012 3456 7890',
  'mot de passe : Tr0ub4dor&3x',
  '2 69 05 49 588 157 80',
  'SGVsbG8gd29ybGQsIGhlbGxvIHdvcmxkIQ==',
  '06 12 34 56 78',
  'l’équipe',
  '&#64;',
  ' ',
  '',
]
const words = fc.array(fc.constantFrom(...SNIPPETS), { maxLength: 4 })
const text = fc.oneof(
  words.map((list) => list.join(' ')),
  words.map((list) => list.join('')),
  fc.string({ unit: 'binary', maxLength: 30 }),
)
const path = fc.constantFrom('messages.0.content', 'messages.1.content', 'user.email', 'iban', '3')
const part = fc.record({
  path,
  text,
  kind: fc.constantFrom<TextPart['kind']>('text', 'text', 'text', 'key', 'number', 'unreadable'),
})
const tenant = fc.constantFrom('a', 'b')

describe('the memory of earlier texts', () => {
  test('changes no label and no finding, whatever came before', () => {
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 8 }),
        fc.array(
          fc.record({
            order: fc.infiniteStream(fc.nat({ max: 7 })),
            length: fc.nat({ max: 8 }),
            tenant,
          }),
          {
            minLength: 2,
            maxLength: 6,
          },
        ),
        fc.constantFrom(2_000, 20_000, 64_000_000),
        (pool, conversations, maxBytes) => {
          const remembering = createClassifier(undefined, new ClassificationMemo({ key, maxBytes }))
          for (const { order, length, tenant } of conversations) {
            const parts = Array.from(
              { length },
              () => pool[Number(order.next().value) % pool.length]!,
            )
            assert.deepEqual(
              remembering(parts, { floor: 'public', tenant }),
              plain(parts, { floor: 'public' }),
            )
          }
        },
      ),
      { numRuns: 150 },
    )
  })

  test('means the same step budget with and without it', () => {
    const memo = new ClassificationMemo({ key })
    const remembering = createClassifier(undefined, memo)
    const parts = SNIPPETS.map(
      (one, i) => ({ path: `${i}`, text: one.repeat(3), kind: 'text' }) as const,
    )
    remembering(parts, { floor: 'public', tenant: 'a' })
    for (let stepBudget = 0; stepBudget < 40_000; stepBudget += 500) {
      const options = { floor: 'public', stepBudget } as const
      assert.deepEqual(remembering(parts, { ...options, tenant: 'a' }), plain(parts, options))
    }
  })

  test('a conversation costs its newest turn: one text and the seam before it', () => {
    const lengths: number[] = []
    const counting = {
      id: 'counting',
      acrossParts: true,
      literals: [],
      find: (scan: { readonly text: string }) => void lengths.push(scan.text.length),
    }
    const remembering = createClassifierOf(
      [counting],
      DEFAULT_CLASSES,
      new ClassificationMemo({ key }),
    )
    const parts: TextPart[] = []
    for (let turn = 0; turn < 30; turn++) {
      const text = `Turn ${turn}: ${'the lock keeper opens the gate '.repeat(40)}`
      parts.push({ path: `messages.${turn}.content`, text, kind: 'text' })
      lengths.length = 0
      remembering(parts, { floor: 'public', tenant: 'a' })
      // a seam is read twice, joined with nothing and with a space: some hundred units each
      assert.equal(lengths.length, turn === 0 ? 1 : 3)
      assert.ok(lengths.reduce((sum, length) => sum + length) <= text.length + 500)
    }
    lengths.length = 0
    remembering(parts, { floor: 'public', tenant: 'a' })
    assert.equal(lengths.length, 0, 'the same again costs nothing')
  })

  test('never keeps what was not determined', () => {
    const memo = new ClassificationMemo({ key })
    const parts = [{ path: 'a', text: 'a plain text of some length', kind: 'text' }] as const
    createClassifier(undefined, memo)(parts, { floor: 'public', tenant: 'a', stepBudget: 1 })
    const broken = {
      id: 'broken',
      acrossParts: true,
      literals: [],
      find: () => {
        throw new Error('no')
      },
    }
    createClassifierOf([broken], DEFAULT_CLASSES, memo)(parts, { floor: 'public', tenant: 'a' })
    assert.equal(memo.bytes, 0)
  })

  test('finds nothing across tenants, field names, kinds, versions or own terms', () => {
    const memo = new ClassificationMemo({ key, version: 'one' })
    const other = new ClassificationMemo({ key, version: 'two' })
    const same = { path: 'messages.0.content', text: 'text', kind: 'text' } as const
    const digests = [
      memo.digest('a', same),
      memo.digest('b', same),
      other.digest('a', same),
      memo.digest('a', same, 'terms one'),
      memo.digest('a', same, 'terms two'),
      memo.digest('a', { ...same, kind: 'number' }),
      memo.digest('a', { ...same, path: 'iban' }),
      memo.digest('a', { ...same, text: 'texts' }),
      memo.digest('a', { ...same, text: '\ud800' }),
      memo.digest('a', { ...same, text: '\ud801' }),
    ]
    assert.equal(new Set(digests).size, digests.length)
    assert.equal(memo.digest('a', { ...same, path: 'messages.7.content' }), digests[0])
  })

  test('stays within its bytes and forgets what was used longest ago', () => {
    const memo = new ClassificationMemo({ key, maxBytes: 3_000 })
    const steps = new Steps(1_000)
    for (let i = 0; i < 100; i++) {
      memo.keep(`digest ${i}`, [], 1)
      memo.find('digest 0', steps)
      assert.ok(memo.bytes <= 3_000)
    }
    assert.ok(memo.find('digest 0', steps))
    assert.ok(memo.find('digest 99', steps))
    assert.equal(memo.find('digest 50', steps), undefined)
    memo.keep('x'.repeat(1_000), [], 1)
    assert.equal(memo.find('x'.repeat(1_000), steps), undefined, 'what would fill it is not kept')
  })

  test('holds no text', () => {
    const kept: unknown[] = []
    class Watched extends ClassificationMemo {
      override keep(...entry: Parameters<ClassificationMemo['keep']>): void {
        kept.push(entry)
        super.keep(...entry)
      }
    }
    const secret = 'FR7630006000011234567890189'
    const parts = [
      { path: 'a', text: `mon IBAN ${secret}`, kind: 'text' },
      { path: 'b', text: 'et la suite du message', kind: 'text' },
    ] as const
    createClassifier(undefined, new Watched({ key }))(parts, { floor: 'public', tenant: 'a' })
    assert.equal(kept.length, 3, 'two parts and their seam')
    assert.ok(!inspect(kept, { depth: 9 }).toLowerCase().includes(secret.slice(4).toLowerCase()))
  })
})
