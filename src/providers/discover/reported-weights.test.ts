import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import type { Destination } from '#kernel/destination.ts'
import { reportedWeights } from './reported-weights.ts'

const [MANIFEST, OTHERS, OWN] = ['a', 'b', 'c'].map((digit) => digit.repeat(64))

const at = (port: number): Destination => ({
  id: 'ollama',
  dialect: 'openai',
  address: { kind: 'url', baseUrl: `http://127.0.0.1:${port}/v1` },
  zone: 'device',
  jurisdiction: 'local',
  clearance: 'restricted',
  state: 'enabled',
  origin: 'config',
  models: [{ name: 'm', upstream: 'm:latest' }],
})

/** An Ollama whose only model has this description. */
async function ollama(t: TestContext, modelfile: string): Promise<Destination> {
  const server = createServer((request, response) => {
    request.resume()
    const tags = { models: [{ name: 'm:latest', digest: MANIFEST }] }
    const body = request.url === '/api/tags' ? tags : { modelfile }
    const isKnown = request.url === '/api/tags' || request.url === '/api/show'
    response.statusCode = isKnown ? 200 : 404
    response.end(JSON.stringify(isKnown ? body : {}))
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  t.after(() => server.close())
  return at((server.address() as AddressInfo).port)
}

const said = async (destination: Destination): Promise<string | undefined> =>
  (await reportedWeights(destination, null))?.get('m:latest')

test('the blob that a model is made from is the one that the server names, not one that its licence names', async (t) => {
  const own = `# Modelfile\nFROM /models/blobs/sha256-${OWN}\nTEMPLATE x\n`
  assert.equal(await said(await ollama(t, own)), OWN)
  const licence = `FROM /models/blobs/sha256-${OTHERS}\n`
  assert.equal(await said(await ollama(t, `${own}LICENSE """\n${licence}"""\n`)), OWN)
  // made of many files, of which it names none
  const named = `# Modelfile\nFROM somebody/model\nLICENSE """\n${licence}"""\n`
  assert.equal(await said(await ollama(t, named)), MANIFEST)
})

test('a server that does not answer has said nothing, which is not that it runs nothing known', async (t) => {
  const gone = createServer()
  await new Promise<void>((resolve) => {
    gone.listen(0, '127.0.0.1', resolve)
  })
  const { port } = gone.address() as AddressInfo
  await new Promise((resolve) => gone.close(resolve))
  assert.equal(await reportedWeights(at(port), null), null)
  const silent = createServer((_, response) => response.writeHead(404).end())
  await new Promise<void>((resolve) => {
    silent.listen(0, '127.0.0.1', resolve)
  })
  t.after(() => silent.close())
  const told = await reportedWeights(at((silent.address() as AddressInfo).port), null)
  assert.deepEqual([...(told ?? [['?']])], [])
})
