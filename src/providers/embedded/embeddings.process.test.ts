import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { EMBEDDER, STARTER, starterModelDir } from '#models/starter/starter-model.fixture.ts'
import { startEngine } from './engine.fixture.ts'

const chat = await starterModelDir()
const models = 'skip' in chat ? chat : await starterModelDir(undefined, EMBEDDER)
const skip = 'skip' in models ? models.skip : false

const cosine = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, number, place) => sum + number * (b[place] ?? Number.NaN), 0)

/** First numbers of vectors, and cosines, of the float32 model computed apart from llama.cpp, in plain matrix arithmetic. */
const KNOWN = {
  'hello world': [-0.034477, 0.031023, 0.006735, 0.026109],
  'A cat sits on the mat.': [0.126535, -0.032851, -0.029059, 0.044407],
  'The café gate opens unbelievably.': [0.080712, -0.052644, -0.020901, 0.06036],
}

describe('the engine with the starter model for embeddings', { skip }, () => {
  let engine: Awaited<ReturnType<typeof startEngine>>
  before(async () => {
    assert.ok('dir' in models)
    engine = await startEngine({ modelsDir: models.dir, parallel: 1, queueLimit: 2 })
  })
  after(() => engine.stop())

  const embed = async (input: string | string[], fields: object = {}) => {
    const answer = await engine.openai.embeddings.create({
      model: 'all-minilm',
      input,
      ...fields,
    })
    return answer
  }

  test('vectors are those of the published weights', async () => {
    const texts = Object.keys(KNOWN)
    const answer = await embed(texts)
    for (const [place, expected] of Object.values(KNOWN).entries()) {
      const { index, embedding = [] } = answer.data[place] ?? {}
      assert.equal(index, place)
      assert.equal(embedding.length, 384)
      assert.ok(Math.abs(cosine(embedding, embedding) - 1) < 1e-6)
      for (const [axis, number] of expected.entries())
        assert.ok(Math.abs((embedding[axis] ?? Number.NaN) - number) < 5e-4, texts[place])
    }
    assert.equal(answer.usage.prompt_tokens, answer.usage.total_tokens)
    assert.equal((await embed('hello world')).usage.prompt_tokens, 4)
  })

  test('what means the same is near, what does not is far', async () => {
    const { data } = await embed([
      'A cat sits on the mat.',
      'A kitten is resting on a rug.',
      'The stock market fell sharply today.',
    ])
    const [cat = [], kitten = [], market = []] = data.map(({ embedding }) => embedding)
    assert.ok(Math.abs(cosine(cat, kitten) - 0.6553) < 2e-3)
    assert.ok(Math.abs(cosine(cat, market) - 0.0911) < 2e-3)
  })

  test('both forms are the same numbers, and a list is its texts one by one', async () => {
    const asBase64 = await embed('hello world')
    const asFloat = await embed('hello world', { encoding_format: 'float' })
    const list = await embed(['something else', 'hello world'])
    assert.deepEqual(asBase64.data[0]?.embedding, asFloat.data[0]?.embedding)
    assert.deepEqual(list.data[1]?.embedding, asFloat.data[0]?.embedding)
  })

  test('what it cannot do is refused by its name', async () => {
    const cases: readonly (readonly [object, string, string])[] = [
      [{ model: 'all-minilm', input: [1, 2] }, 'unsupported-parameter', 'input'],
      [{ model: 'all-minilm', input: [[1, 2]] }, 'unsupported-parameter', 'input'],
      [{ model: 'all-minilm', input: 'a', dimensions: 128 }, 'unsupported-parameter', 'dimensions'],
      [{ model: 'all-minilm', input: 'a', truncate: true }, 'unsupported-parameter', 'truncate'],
      [{ model: 'all-minilm', input: [] }, 'invalid-value', 'input'],
      [
        { model: 'all-minilm', input: 'a', encoding_format: 'x' },
        'invalid-value',
        'encoding_format',
      ],
      [{ model: 'all-minilm', input: ['a', 'word '.repeat(600)] }, 'context-too-long', 'input.1'],
      [{ model: STARTER, input: 'a' }, 'unsupported-parameter', 'model'],
      [{ model: 'nothing', input: 'a' }, 'unknown-model', 'model'],
    ]
    for (const [body, code, param] of cases) {
      const { text } = await engine.call('/v1/embeddings', body)
      const { error } = JSON.parse(text) as { error: { code: string; param: string } }
      assert.deepEqual([error.code, error.param], [code, param])
    }
    const messages = [{ role: 'user', content: 'hi' }]
    const wrong = await engine.call('/v1/chat/completions', { model: 'all-minilm', messages })
    assert.match(wrong.text, /"unsupported-parameter"/)
    assert.equal((await embed('a', { dimensions: 384 })).data[0]?.embedding.length, 384)
  })

  test('it stands beside a chat model, which stays in memory', async () => {
    const messages = [{ role: 'user' as const, content: 'hi' }]
    await engine.openai.chat.completions.create({ model: STARTER, messages, max_tokens: 1 })
    await embed('a')
    const { models: loaded } = await engine.ps()
    assert.deepEqual(
      loaded.map(({ name, state }) => [name, state]),
      [
        [STARTER, 'ready'],
        [EMBEDDER, 'ready'],
      ],
    )
    assert.equal((await engine.call('/unload', { model: EMBEDDER })).status, 200)
    assert.deepEqual(
      (await engine.ps()).models.map(({ name }) => name),
      [STARTER],
    )
  })
})
