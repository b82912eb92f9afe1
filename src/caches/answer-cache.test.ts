import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NO_RESTRICTIONS } from '#kernel/exchange.ts'
import { CHAT_ANSWER, destination, whole } from '#pipeline/house.fixture.ts'
import { policyOf } from '#policy/document.ts'
import { cachedHouse, type Asking } from './cache.fixture.ts'

const cloud = destination('cloud')
const answers = { destination: cloud, script: 'answers' } as const

test('the second of two equal requests is answered from the cache, byte for byte', async () => {
  const { ask, sent, events, state } = cachedHouse([answers])
  const first = await ask()
  state.now += 5000
  const second = await ask()
  assert.deepEqual([first.state, second.state], ['miss', 'hit'])
  assert.equal(second.text, first.text)
  assert.equal(second.receipt?.cache?.ageSeconds, 5)
  assert.equal(second.receipt?.destination, 'cloud')
  assert.equal(sent.length, 1)
  const outcome = events.at(-1)
  assert.ok(outcome?.type === 'outcome')
  const { destination: to, status, cached, cachedFrom, costMicro, promptTokens } = outcome
  assert.deepEqual(
    [to, status, cached, cachedFrom, costMicro, promptTokens],
    [null, 'answered', 5, 'cloud', 0, 5],
  )
  assert.equal(events.filter(({ type }) => type === 'decision').length, 2)
})

test('a stream is given again in the frames it came in', async () => {
  const { ask, sent } = cachedHouse([{ destination: cloud, script: 'streams' }])
  const first = await ask({ stream: true })
  const second = await ask({ stream: true })
  assert.equal(second.state, 'hit')
  assert.equal(second.text, first.text)
  assert.equal(second.ended, 1)
  assert.equal(sent.length, 1)
})

/** Requests that must never share an answer with the plain one. */
const OTHERS: Readonly<Record<string, Asking>> = {
  tenant: { caller: { tenant: 'other' } },
  team: { caller: { team: 'other' } },
  application: { caller: { application: 'other' } },
  purpose: { caller: { purpose: 'other' } },
  'no team or application': { caller: { team: null, application: null } },
  'limits of the key': {
    caller: { restrictions: { ...NO_RESTRICTIONS, maxClass: 'confidential' } },
  },
  'addresses of the key': {
    caller: { restrictions: { ...NO_RESTRICTIONS, addresses: ['10.0.0.0/8'] } },
  },
  class: { label: { class: 'internal', categories: [], undetermined: false } },
  category: { label: { class: 'public', categories: ['personal'], undetermined: false } },
  stream: { stream: true },
  text: { text: 'What is the tallest mountain ?' },
  system: {
    body: {
      messages: [
        { role: 'system', content: 'Answer in French' },
        { role: 'user', content: 'What is the tallest mountain?' },
      ],
    },
  },
  temperature: { body: { temperature: 0.1 } },
  'unknown field': { body: { 'x-mine': 1 } },
  tools: { body: { tools: [{ type: 'function', function: { name: 'f', parameters: {} } }] } },
  model: { body: { model: 'm' } },
  path: { path: '/v1/chat/completions\nalt=sse' },
}

for (const [what, other] of Object.entries(OTHERS)) {
  test(`another ${what} shares no answer`, async () => {
    const { ask, sent } = cachedHouse([answers])
    await ask()
    const got = await ask(other)
    assert.notEqual(got.state, 'hit')
    assert.equal(sent.length, 2)
    assert.equal((await ask()).state, 'hit')
  })
}

test('two keys of one application share; two keys of nobody, or with `per: key`, do not', async () => {
  const shared = cachedHouse([answers])
  await shared.ask({ caller: { keyId: 'a' } })
  assert.equal((await shared.ask({ caller: { keyId: 'b' } })).state, 'hit')
  const alone = cachedHouse([answers])
  const nobody = { team: null, application: null }
  await alone.ask({ caller: { keyId: 'a', ...nobody } })
  assert.equal((await alone.ask({ caller: { keyId: 'b', ...nobody } })).state, 'miss')
  assert.equal((await alone.ask({ caller: { keyId: 'a', ...nobody } })).state, 'hit')
  const own = cachedHouse([answers], { settings: { per: 'key' } })
  await own.ask({ caller: { keyId: 'a' } })
  assert.equal((await own.ask({ caller: { keyId: 'b' } })).state, 'miss')
})

test('a new policy and a smaller set of destinations find nothing that was kept before', async () => {
  const rules = (id: string, zones: readonly ('managed' | 'api')[]) =>
    policyOf({ floor: 'public', rules: [{ id, match: { classes: ['public'] }, allow: { zones } }] })
  let policy = rules('first', ['managed', 'api'])
  const { ask, sent } = cachedHouse([answers], { policy: () => policy })
  await ask()
  assert.equal((await ask()).state, 'hit')
  policy = rules('second', ['managed', 'api'])
  assert.equal((await ask()).state, 'miss')
  policy = rules('third', ['api'])
  const refused = await ask()
  assert.equal(refused.refused?.code, 'no-eligible-destination')
  assert.equal(sent.length, 2)
})

test('what is undetermined, too sensitive, or under a duty is neither kept nor looked for', async () => {
  const label = { class: 'confidential', categories: [], undetermined: false } as const
  const device = {
    destination: destination('box', { zone: 'on-prem' }),
    script: 'answers',
  } as const
  const high = cachedHouse([device])
  await high.ask({ label })
  assert.equal((await high.ask({ label })).state, 'bypass')
  const unknown = { class: 'restricted', categories: [], undetermined: true } as const
  const wide = cachedHouse([device], { settings: { upTo: 'restricted' } })
  await wide.ask({ label: unknown })
  assert.equal((await wide.ask({ label: unknown })).state, 'bypass')
  await wide.ask({ label })
  assert.equal((await wide.ask({ label })).state, 'hit')
  for (const duty of ['no-store', 'no-cache', 'review', 'second-opinion'] as const) {
    const policy = policyOf({
      floor: 'public',
      rules: [
        { id: 'r', match: { classes: ['public'] }, allow: { zones: ['managed'] } },
        { id: 'd', match: { classes: ['public'] }, duties: [duty] },
      ],
    })
    const { ask, tallies } = cachedHouse([answers], { policy: () => policy })
    await ask()
    assert.equal((await ask()).state, 'bypass', duty)
    assert.deepEqual(tallies.counts().bypassed, { duty: 2 })
  }
})

test('an answer whose own text is more sensitive than what may be kept is not kept', async () => {
  const answerLabel = { class: 'restricted', categories: ['health'], undetermined: false } as const
  const { ask, kept, tallies } = cachedHouse([answers], { answerLabel })
  await ask()
  assert.equal((await ask()).state, 'miss')
  assert.equal(kept.memoryAnswers, 0)
  assert.equal(tallies.counts().unfit, 2)
})

test('a key that may see less than the answer says is not shown it', async () => {
  const answerLabel = { class: 'internal', categories: [], undetermined: false } as const
  const { ask, sent } = cachedHouse([answers], { answerLabel })
  const caller = { restrictions: { ...NO_RESTRICTIONS, maxClass: 'public' } } as const
  await ask({ caller })
  assert.equal((await ask({ caller })).state, 'miss')
  assert.equal(sent.length, 2)
})

/** Answers that nobody should be given a second time. */
const UNFIT: Readonly<Record<string, string>> = {
  cut: CHAT_ANSWER.replace('"stop"', '"length"'),
  filtered: CHAT_ANSWER.replace('"stop"', '"content_filter"'),
  endless: CHAT_ANSWER.replace('"stop"', 'null'),
  empty: CHAT_ANSWER.replace('"hi"', '""'),
  refusal: CHAT_ANSWER.replace('"content":"hi"', '"content":null,"refusal":"no"'),
}
for (const [what, text] of Object.entries(UNFIT)) {
  test(`an answer that is ${what} is not kept`, async () => {
    const { ask, kept, sent } = cachedHouse([{ destination: cloud, script: whole(200, text) }])
    await ask()
    await ask()
    assert.equal(kept.memoryAnswers, 0)
    assert.equal(sent.length, 2)
  })
}

test('errors, broken streams and answers that are too large are not kept', async () => {
  for (const script of ['fails', 'refuses', 'credentials', 'html', 'breaks'] as const) {
    const { ask, kept } = cachedHouse([{ destination: cloud, script }])
    await ask({ stream: script === 'breaks' })
    assert.equal(kept.memoryAnswers, 0, script)
  }
  const long = CHAT_ANSWER.replace('"hi"', JSON.stringify('x'.repeat(100_000)))
  const { ask, kept } = cachedHouse([{ destination: cloud, script: whole(200, long) }])
  await ask()
  assert.equal(kept.memoryAnswers, 0)
})

test('a caller narrows by headers and widens by none', async () => {
  const { ask, sent, state } = cachedHouse([answers])
  const wishes = { noStore: false, noCache: false, maxAgeSeconds: null }
  assert.equal((await ask({ wishes: { ...wishes, noStore: true } })).state, 'bypass')
  assert.equal((await ask()).state, 'miss')
  assert.equal((await ask({ wishes: { ...wishes, noCache: true } })).state, 'miss')
  state.now += 10_000
  assert.equal((await ask({ wishes: { ...wishes, maxAgeSeconds: 9 } })).state, 'miss')
  assert.equal((await ask({ wishes: { ...wishes, maxAgeSeconds: 9 } })).state, 'hit')
  state.now += 59_999
  assert.equal((await ask({ wishes: { ...wishes, maxAgeSeconds: 1e9 } })).state, 'hit')
  state.now += 1
  assert.equal((await ask({ wishes: { ...wishes, maxAgeSeconds: 1e9 } })).state, 'miss')
  assert.equal(sent.length, 5)
})

test('clearing covers one key, one person, one tenant, and what is under way', async () => {
  const { ask, cache, state, kept } = cachedHouse([answers])
  await ask({ caller: { keyId: 'a', person: 'p' } })
  assert.equal(await cache.clear({ tenant: 'other' }), 0)
  assert.equal(await cache.clear({ tenant: 'default', owner: 'key:b' }), 0)
  assert.equal(await cache.clear({ tenant: 'default', subject: 'subject:digest-p' }), 1)
  await ask({ caller: { keyId: 'a' } })
  assert.equal(await cache.clear({ tenant: 'default', owner: 'key:a' }), 1)
  let release = (): void => {}
  const slow = cachedHouse([
    {
      destination: cloud,
      script: async (sink, of) => {
        await new Promise<void>((resolve) => (release = resolve))
        await whole(200, CHAT_ANSWER)(sink, of)
      },
    },
  ])
  const asked = slow.ask()
  while (slow.sent.length === 0) await new Promise((resolve) => setImmediate(resolve))
  await slow.cache.clear({ tenant: 'default' })
  release()
  await asked
  assert.equal(slow.kept.memoryAnswers, 0)
  state.settings = { ...state.settings, exact: false }
  assert.equal((await ask()).state, null)
  assert.equal(kept.memoryAnswers, 0)
})

test('settings that become stricter count for what was kept before', async () => {
  const { ask, state } = cachedHouse([answers])
  const label = { class: 'internal', categories: [], undetermined: false } as const
  await ask({ label })
  state.settings = { ...state.settings, upTo: 'public' }
  assert.equal((await ask({ label })).state, 'bypass')
  state.settings = { ...state.settings, upTo: 'internal', ttlMs: 10 }
  state.now += 10
  assert.equal((await ask({ label })).state, 'miss')
})

test('memory stays within its bytes, and the one used longest ago goes first', async () => {
  const { ask, kept } = cachedHouse([answers], { settings: { bytes: 4000 } })
  for (const text of ['one', 'two', 'three']) await ask({ text })
  assert.equal((await ask({ text: 'one' })).state, 'hit')
  await ask({ text: 'four' })
  assert.ok(kept.memoryBytes <= 4000)
  assert.equal((await ask({ text: 'one' })).state, 'hit')
  assert.equal((await ask({ text: 'two' })).state, 'miss')
})

test('of equal requests at the same time one is sent, of others each', async () => {
  let open: (() => void)[] = []
  const gated = {
    destination: cloud,
    script: async (
      sink: Parameters<ReturnType<typeof whole>>[0],
      of: { count: number; signal: AbortSignal },
    ) => {
      await new Promise<void>((resolve) => open.push(resolve))
      await whole(200, CHAT_ANSWER)(sink, of)
    },
  }
  const { ask, sent } = cachedHouse([gated], { settings: { singleFlight: true } })
  const asked = [ask(), ask(), ask(), ask({ text: 'another question' })]
  while (sent.length < 2) await new Promise((resolve) => setImmediate(resolve))
  for (const go of open) go()
  open = []
  const got = await Promise.all(asked)
  assert.equal(sent.length, 2)
  assert.equal(got.filter(({ state }) => state === 'hit').length, 2)
})

test('those who wait for an answer that never comes ask for themselves', async () => {
  let fail = (): void => {}
  const { ask, sent } = cachedHouse(
    [
      {
        destination: cloud,
        script: async (sink, of) => {
          if (of.count > 0) return whole(200, CHAT_ANSWER)(sink, of)
          await new Promise<void>((resolve) => (fail = resolve))
          await whole(400, '{"error":{"message":"no"}}')(sink, of)
        },
      },
    ],
    { settings: { singleFlight: true } },
  )
  const asked = [ask(), ask()]
  while (sent.length === 0) await new Promise((resolve) => setImmediate(resolve))
  fail()
  const [first, second] = await Promise.all(asked)
  assert.equal(first?.refused?.code, 'destination-refused')
  assert.equal(second?.refused, null)
  assert.equal(sent.length, 2)
})
