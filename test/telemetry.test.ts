import { OWNER } from '../src/main/core.ts'
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, test, type TestContext } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { readText } from '../src/telemetry/prometheus-text.fixture.ts'
import { ask, chat, cloudConfig, testGateway, type TestGateway } from './support/gateway.ts'
import { reloadableGateway } from './support/reloadable.ts'
import { frame, json, startUpstream } from './support/upstream.ts'

const METRICS_KEY = 'telemetry: {metrics_key: "${env:SCRAPE_KEY}"}\n'

const get = (url: string, key: string | null): Promise<Response> =>
  fetch(url, key === null ? {} : { headers: { authorization: `Bearer ${key}` } })

const scraped = async (gateway: Pick<TestGateway, 'url' | 'key'>) =>
  readText(await (await get(`${gateway.url}/metrics`, gateway.key)).text())

/** A sentence that the classifier finds an address in; what must never show up anywhere. */
const CONTENT = 'Write to camille.bernard@example.org about the harbour'

describe('/metrics', () => {
  test('opens to a key with the scope audit and to the key of the scraper, which opens nothing else', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await reloadableGateway(t, cloudConfig(upstream.url, METRICS_KEY))
    const keyWith = async (scope: 'audit' | 'inference'): Promise<string> => {
      const made = await gateway.house.identity.keys.create(OWNER, { name: scope, scopes: [scope] })
      assert.ok(made.ok)
      return made.value.key
    }
    const statusWith = async (key: string | null): Promise<number> =>
      (await get(`${gateway.url}/metrics`, key)).status
    assert.equal(await statusWith(null), 401)
    assert.equal(await statusWith('scrape-2'), 401)
    assert.equal(await statusWith(await keyWith('inference')), 403)
    assert.equal(await statusWith(await keyWith('audit')), 200)
    assert.equal(await statusWith('scrape-1'), 200)
    const refused = await chat({ url: gateway.url, key: 'scrape-1' }, { body: ask('hello') })
    assert.equal(refused.status, 401)
    assert.equal((await get(`${gateway.url}/api/status`, 'scrape-1')).status, 401)
    const answer = await get(`${gateway.url}/metrics`, 'scrape-1')
    assert.equal(answer.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8')
  })

  test('counts what happened: answers, refusals by code, tokens, findings, and nothing a caller chose', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    await (await chat(gateway, { body: ask(CONTENT) })).text()
    await (await chat(gateway, { body: ask('hello', { stream: true }) })).text()
    await (await chat(gateway, { body: ask('hello', { model: 'chosen-by-the-caller' }) })).text()
    await (await chat(gateway, { raw: '{"model":' })).text()
    await (await chat({ url: gateway.url, key: 'wrong' }, { body: ask('hello') })).text()
    const shown = await scraped(gateway)
    const answered = 'zone="managed",destination="cloud",outcome="answered"'
    const requests = (labels: string): number | undefined =>
      shown.value(`ecluse_requests_total{surface="openai-chat",${labels}}`)
    assert.equal(requests(`class="internal",${answered}`), 1)
    assert.equal(requests(`class="public",${answered}`), 1)
    assert.equal(requests('class="public",zone="none",destination="none",outcome="refused"'), 1)
    for (const [surface, code] of [
      ['openai-chat', 'unknown-model'],
      ['none', 'malformed-json'],
      ['none', 'invalid-key'],
    ]) {
      const name = `ecluse_refusals_total{surface="${surface}",code="${code}"}`
      assert.equal(shown.value(name), 1, name)
    }
    assert.equal(shown.value('ecluse_tokens_total{direction="input",destination="cloud"}'), 14)
    assert.equal(shown.value('ecluse_findings_total{type="EMAIL_ADDRESS"}'), 1)
    const names = shown.samples.map(({ name, labels }) => name + labels).join('\n')
    assert.ok(!names.includes('chosen-by-the-caller'))
    assert.ok(!names.includes('camille'))
    assert.deepEqual([shown.untyped, shown.unhelped], [[], []])
  })

  test('shows a stream while it is open', async (t) => {
    const upstream = await startUpstream(t)
    let finish = (): void => {}
    upstream.act = (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(frame({ role: 'assistant', content: 'begun' }))
      finish = () => response.end(`${frame({}, 'stop')}data: [DONE]\n\n`)
    }
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const open = await chat(gateway, { body: ask('hello', { stream: true }) })
    assert.equal((await scraped(gateway)).value('ecluse_open_streams'), 1)
    finish()
    await open.text()
    assert.equal((await scraped(gateway)).value('ecluse_open_streams'), 0)
    assert.ok(((await scraped(gateway)).value('ecluse_ledger_records_total') ?? 0) >= 1)
  })
})

describe('server-timing', () => {
  const stagesOf = (response: Response): readonly string[] =>
    (response.headers.get('server-timing') ?? '').split(', ').map((one) => one.split(';')[0] ?? '')

  test('shows each stage in its order, on an answer, a stream and a refusal', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const whole = ['auth', 'read', 'classify', 'decide', 'record', 'commit', 'first-byte', 'total']
    for (const stream of [false, true]) {
      const answer = await chat(gateway, { body: ask('hello', { stream }) })
      assert.deepEqual(stagesOf(answer), whole)
      await answer.text()
    }
    const refused = await chat(gateway, { body: ask('hello', { model: 'no-such' }) })
    assert.deepEqual(
      stagesOf(refused),
      whole.filter((stage) => stage !== 'commit'),
    )
    assert.match(refused.headers.get('server-timing') ?? '', /^auth;dur=\d+\.\d{3}, /)
  })
})

describe('the log', () => {
  test('has one line per request with its ids and figures, and no content, key or name that a caller chose', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await reloadableGateway(t, cloudConfig(upstream.url))
    const answer = await chat(gateway, { body: ask(CONTENT) })
    await answer.text()
    await (await chat(gateway, { body: ask('hello', { model: 'chosen-by-the-caller' }) })).text()
    await gateway.stop()
    const lines = gateway.lines().filter(({ msg }) => msg === 'request')
    assert.equal(lines.length, 2)
    const [line] = lines
    assert.equal(line?.['request'], answer.headers.get('x-request-id'))
    assert.equal(line?.['decision'], answer.headers.get('x-ecluse-decision')?.split(';')[0])
    const { level, surface, destination, status, outcome, model } = line ?? {}
    assert.deepEqual(
      { level, surface, class: line?.['class'], destination, status, outcome, model },
      {
        level: 'info',
        surface: 'openai-chat',
        class: 'internal',
        destination: 'cloud',
        status: 200,
        outcome: 'answered',
        model: 'm',
      },
    )
    assert.deepEqual([line?.['input_tokens'], line?.['output_tokens']], [7, 4])
    const text = JSON.stringify(gateway.lines())
    for (const hidden of ['camille', 'harbour', gateway.key, 'chosen-by-the-caller'])
      assert.ok(!text.includes(hidden), hidden)
  })

  test('is silent about requests when its level says so', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await reloadableGateway(t, cloudConfig(upstream.url, 'log: {level: error}\n'))
    await (await chat(gateway, { body: ask('hello') })).text()
    gateway.write(cloudConfig(upstream.url, 'log: {level: info}\n'))
    await gateway.reload()
    await (await chat(gateway, { body: ask('hello') })).text()
    await gateway.stop()
    assert.equal(gateway.lines().filter(({ msg }) => msg === 'request').length, 1)
  })
})

interface Received {
  readonly path: string
  readonly authorization: string | undefined
  readonly body: string
}

/** An OpenTelemetry collector that keeps what it gets. */
async function startCollector(t: TestContext): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = []
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const body = gunzipSync(Buffer.concat(pieces)).toString('utf8')
      received.push({
        path: request.url ?? '',
        authorization: request.headers.authorization,
        body,
      })
      json(response, 200, {})
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo // listening on TCP
  return { url: `http://127.0.0.1:${port}`, received }
}

describe('OpenTelemetry', () => {
  test('gets spans and metrics of the GenAI conventions, under the trace of the caller, without content', async (t) => {
    const [upstream, collector] = [await startUpstream(t), await startCollector(t)]
    const gateway = await reloadableGateway(
      t,
      cloudConfig(
        upstream.url,
        `telemetry:
  otlp_endpoint: ${collector.url}
  otlp_headers: [{name: authorization, value: "Bearer \${env:COLLECTOR_KEY}"}]
`,
      ),
    )
    const trace = '0af7651916cd43dd8448eb211c80319c'
    const headers = { traceparent: `00-${trace}-b7ad6b7169203331-01` }
    await (await chat(gateway, { body: ask(CONTENT), headers })).text()
    await gateway.stop()
    const paths = collector.received.map(({ path }) => path)
    assert.deepEqual(paths.toSorted(), ['/v1/metrics', '/v1/traces'])
    assert.deepEqual(
      collector.received.map(({ authorization }) => authorization),
      ['Bearer collector-1', 'Bearer collector-1'],
    )
    const text = collector.received.map(({ body }) => body).join('\n')
    for (const hidden of ['camille', 'harbour', 'From the cloud', gateway.key])
      assert.ok(!text.includes(hidden), hidden)
    for (const name of ['gen_ai.operation.name', 'gen_ai.client.operation.duration'])
      assert.ok(text.includes(name), name)
    const traces = collector.received.find(({ path }) => path === '/v1/traces')?.body ?? ''
    const { spans } = JSON.parse(traces).resourceSpans[0].scopeSpans[0]
    const [root] = spans
    assert.equal(root.traceId, trace)
    assert.equal(root.parentSpanId, 'b7ad6b7169203331')
    assert.deepEqual(
      spans.map(({ name }: { name: string }) => name),
      ['POST /v1/chat/completions', 'classify', 'chat m'],
    )
    assert.ok(!upstream.seen.some(({ headers: sent }) => 'traceparent' in sent))
  })

  test('a collector that is away delays nobody', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(
      t,
      cloudConfig(upstream.url, 'telemetry: {otlp_endpoint: "http://127.0.0.1:9"}\n'),
    )
    const answer = await chat(gateway, { body: ask('hello') })
    assert.equal(answer.status, 200)
    await answer.text()
    await gateway.stop()
  })
})
