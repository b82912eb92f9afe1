import assert from 'node:assert/strict'
import { test } from 'node:test'
import { destination } from '#pipeline/house.fixture.ts'
import { cachedHouse } from './cache.fixture.ts'
import { marksOf } from './marks.ts'
import { questionOf } from './question.ts'

const answers = { destination: destination('cloud'), script: 'answers' } as const
const semantic = { model: 'vectors', threshold: 0.95, compared: 100 }
/** The worst model there is: everything means the same. */
const embed = () => Promise.resolve(Float32Array.from([1, 0, 0]))

/** Pairs that are near in meaning, and must not share an answer. */
const DIFFERENT: readonly (readonly [string, string])[] = [
  ['Is it safe to take aspirin?', 'Is it not safe to take aspirin?'],
  ["Peut-on l'utiliser au travail ?", "Ne peut-on jamais l'utiliser au travail ?"],
  ['What is the population of Lyon?', 'What is the population of Lille?'],
  ['Convert 10 EUR to USD please', 'Convert 20 EUR to USD please'],
  ['Convert EUR to USD please now', 'Convert USD to EUR please now'],
  ['What happened on 12 May 1998?', 'What happened on 13 May 1998?'],
  ['Which of the plans is cheaper before March?', 'Which of the plans is cheaper after March?'],
  ['How do I enable the firewall here?', 'How do I disable the firewall here?'],
  ['who wrote the first book?', 'who wrote the last book?'],
  ['What does "alpha" mean in this?', 'What does "beta" mean in this?'],
  ['when was the bridge built?', 'why was the bridge built?'],
]

for (const [one, other] of DIFFERENT) {
  test(`"${one}" and "${other}" share no answer, however near they are`, async () => {
    const { ask, sent } = cachedHouse([answers], { settings: { exact: false, semantic }, embed })
    await ask({ text: one })
    assert.equal((await ask({ text: other })).state, 'miss')
    assert.equal(sent.length, 2)
  })
}

test('other words of the same question get its answer; below the threshold they do not', async () => {
  const near = new Map([
    ['What is the tallest mountain of the world?', [1, 0]],
    ['Tell me: what is the highest mountain of the world?', [1, 0.1]],
    ['What sort of mountain is the world?', [1, 1]],
  ])
  const { ask, sent } = cachedHouse([answers], {
    settings: { exact: false, semantic },
    embed: (text) => Promise.resolve(Float32Array.from(near.get(text) ?? [0, 1])),
  })
  const [one = '', two = '', three = ''] = near.keys()
  assert.equal((await ask({ text: one })).state, 'miss')
  assert.equal((await ask({ text: two })).state, 'hit')
  assert.equal((await ask({ text: three })).state, 'miss')
  assert.equal(sent.length, 2)
})

test('another system prompt, team or temperature shares no meaning', async () => {
  const { ask } = cachedHouse([answers], { settings: { exact: false, semantic }, embed })
  const text = 'What is the tallest mountain?'
  await ask({ text })
  assert.equal((await ask({ text })).state, 'hit')
  assert.equal((await ask({ text, caller: { team: 'other' } })).state, 'miss')
  assert.equal((await ask({ text, body: { temperature: 0.2 } })).state, 'miss')
  const messages = [
    { role: 'system', content: 'Answer in verse' },
    { role: 'user', content: text },
  ]
  assert.equal((await ask({ text, body: { messages } })).state, 'miss')
})

test('a model of vectors that fails, or may not see the text, is no reason to fail', async () => {
  for (const broken of [() => Promise.resolve(null), () => Promise.reject(new Error('no'))]) {
    const { ask } = cachedHouse([answers], { settings: { exact: true, semantic }, embed: broken })
    assert.equal((await ask()).refused, null)
    assert.equal((await ask()).state, 'hit')
  }
})

test('only a single question in words has a meaning', () => {
  const user = (content: unknown) => ({ role: 'user', content }) as never
  const of = (body: object) => questionOf('openai-chat', body as never)?.text ?? null
  assert.equal(of({ messages: [user('hello there')] }), 'hello there')
  assert.equal(of({ messages: [{ role: 'system', content: 's' }, user('q')] }), 'q')
  assert.equal(of({ messages: [user([{ type: 'text', text: 'q' }])] }), 'q')
  assert.equal(of({ messages: [user('a'), { role: 'assistant', content: 'b' }, user('c')] }), null)
  assert.equal(of({ messages: [user('a'), user('b')] }), null)
  assert.equal(of({ messages: [user('q')], tools: [{}] }), null)
  assert.equal(of({ messages: [user([{ type: 'text', text: 'q' }, { type: 'image_url' }])] }), null)
})

test('marks are what must be equal to the letter, in order', () => {
  assert.equal(marksOf('Please tell the price', []), marksOf('tell the price, please', []))
  for (const [one, other] of [
    ['Is it safe to eat raw eggs?', 'Is it unsafe to eat raw eggs?'],
    ['Is water heavier than oil?', 'Is oil heavier than water?'],
    ['convert miles into metres', 'convert metres into miles'],
    ['how do I encrypt a disk', 'how do I decrypt a disk'],
    ['comment acheter une maison', 'comment vendre une maison'],
    ["l'huile est plus lourde que l'eau", "l'eau est plus lourde que l'huile"],
    ['comment coder ce nom', 'comment décoder ce nom'],
  ] as const)
    assert.notEqual(marksOf(one, []), marksOf(other, []), one)
  assert.equal(marksOf('how can I boil an egg', []), marksOf('how can you boil an egg', []))
  assert.notEqual(marksOf('from Paris to Rome', []), marksOf('from Rome to Paris', []))
  assert.notEqual(marksOf('a', ['PERSON:ann']), marksOf('a', ['PERSON:bob']))
  assert.equal(marksOf("I can't go", []), marksOf('I can’t go', []))
})
