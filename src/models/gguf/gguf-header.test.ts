import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { gguf, textValue, u32Value } from './gguf.fixture.ts'
import { ggufFacts } from './gguf-facts.ts'
import { readGgufHeader } from './gguf-header.ts'

describe('a GGUF header', () => {
  let dir: string
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'ecluse-gguf-'))
  })
  after(() => rm(dir, { recursive: true, force: true }))
  const read = async (bytes: Uint8Array) => {
    const path = join(dir, 'file')
    await writeFile(path, bytes)
    return readGgufHeader(path)
  }

  const GOOD = gguf(
    [
      ['general.architecture', textValue('llama')],
      ['general.file_type', u32Value(3)],
      ['llama.context_length', u32Value(2048)],
      ['general.license', textValue('mit')],
    ],
    [
      ['a', [3, 4]],
      ['b', [5]],
    ],
  )

  test('tells architecture, quantisation, context, licence and number of weights', async () => {
    const header = await read(GOOD)
    assert.ok(header)
    assert.deepEqual(ggufFacts(header), {
      architecture: 'llama',
      quantisation: 'Q4_1',
      contextTokens: 2048,
      licence: 'mit',
      parameters: 17,
    })
  })

  test('cut anywhere, it is refused and nothing else happens', async () => {
    for (let length = 0; length < GOOD.length; length++) {
      assert.equal(await read(GOOD.subarray(0, length)), null)
    }
  })

  test('with any bytes changed, it is read or refused, never an accident', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(GOOD.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        async (changes) => {
          const bytes = Uint8Array.from(GOOD)
          for (const [at, value] of changes) bytes[at] = value
          const header = await read(bytes)
          if (header !== null) ggufFacts(header)
        },
      ),
      { numRuns: 300 },
    )
  })

  test('a text that would disturb a terminal is not a fact', async () => {
    const header = await read(gguf([['general.license', textValue('mit\u001b[2J')]], []))
    assert.ok(header)
    assert.equal(ggufFacts(header).licence, null)
  })
})
