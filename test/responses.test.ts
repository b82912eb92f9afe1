import assert from 'node:assert/strict'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import OpenAI from 'openai'
import { zodResponsesFunction, zodTextFormat } from 'openai/helpers/zod'
import { z } from 'zod'
import { checkGrammar } from '../src/protocols/openai-responses/event-grammar.fixture.ts'
import { STARTER, starterModelDir } from '../src/models/starter/starter-model.fixture.ts'
import { cloudConfig, testGateway, testHome } from './support/gateway.ts'
import { clientOf, post } from './support/responses.ts'
import { ANSWER, frame, json, startUpstream, type Act, type Upstream } from './support/upstream.ts'

const sent = (upstream: Upstream): unknown => JSON.parse(upstream.seen.at(-1)?.body ?? '')

/** An answer with this message, whole or streamed as asked. */
const answerWith =
  (message: object, finish: string): Act =>
  (response, { body }) => {
    const { choices: _, ...rest } = ANSWER
    if (!body.includes('"stream":true')) {
      return json(response, 200, {
        ...rest,
        choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: finish }],
      })
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(frame({ role: 'assistant', ...message }))
    response.write(frame({}, finish))
    response.end(
      `data: ${JSON.stringify({ ...rest, object: 'chat.completion.chunk', choices: [] })}\n\ndata: [DONE]\n\n`,
    )
  }

const call = (index: number, city: string): object => ({
  index,
  id: `call_${index}`,
  type: 'function',
  function: { name: 'weather', arguments: JSON.stringify({ city }) },
})

describe('the Responses surface', () => {
  test('the official client reads answers, streams and refusals', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const client = clientOf(gateway)
    const plain = await client.responses
      .create({
        model: 'auto',
        instructions: 'Be brief.',
        input: 'hello',
        max_output_tokens: 50,
        temperature: 0.5,
        reasoning: { effort: 'low' },
        metadata: { team: 'a' },
      })
      .withResponse()
    assert.equal(plain.data.output_text, 'From the cloud.')
    assert.equal(plain.data.status, 'completed')
    assert.match(plain.data.id, /^resp_[0-9a-f]{32}$/)
    assert.deepEqual(plain.data.metadata, { team: 'a' })
    assert.deepEqual(
      [
        plain.data.usage?.input_tokens,
        plain.data.usage?.output_tokens,
        plain.data.usage?.total_tokens,
      ],
      [7, 4, 11],
    )
    assert.equal(plain.response.headers.get('x-ecluse-destination'), 'cloud')
    assert.equal(plain.response.headers.get('x-ecluse-dropped'), null)
    assert.deepEqual(sent(upstream), {
      model: 'cloud-1',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'hello' },
      ],
      max_tokens: 50,
      temperature: 0.5,
      reasoning_effort: 'low',
    })

    const deltas: string[] = []
    const stream = client.responses.stream({ model: 'auto', input: 'hello' })
    stream.on('response.output_text.delta', ({ delta }) => deltas.push(delta))
    const final = await stream.finalResponse()
    assert.deepEqual(deltas, ['From ', 'the cloud.'])
    assert.equal(final.output_text, 'From the cloud.')
    assert.equal(final.usage?.total_tokens, 11)

    await assert.rejects(
      client.responses.create({ model: 'nope', input: 'x' }),
      OpenAI.NotFoundError,
    )
    await assert.rejects(
      client.responses.create({ model: 'auto', input: 'x', previous_response_id: 'resp_1' }),
      (error) => {
        assert.ok(error instanceof OpenAI.BadRequestError)
        assert.match(error.message, /nothing is stored here/)
        assert.deepEqual(
          [error.code, error.param],
          ['unsupported-parameter', 'previous_response_id'],
        )
        return true
      },
    )
  })

  test('tools go out as functions, several calls come back, and their results are understood', async (t) => {
    const upstream = await startUpstream(
      t,
      answerWith({ content: null, tool_calls: [call(0, 'Paris'), call(1, 'Lyon')] }, 'tool_calls'),
    )
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const client = clientOf(gateway)
    const weather = zodResponsesFunction({
      name: 'weather',
      parameters: z.object({ city: z.string() }),
    })
    const whole = await client.responses.parse({ model: 'm', input: 'Weather?', tools: [weather] })
    const stream = client.responses.stream({ model: 'm', input: 'Weather?', tools: [weather] })
    for (const response of [whole, await stream.finalResponse()]) {
      assert.deepEqual(
        response.output.map((item) =>
          item.type === 'function_call' ? [item.call_id, item.parsed_arguments] : item.type,
        ),
        [
          ['call_0', { city: 'Paris' }],
          ['call_1', { city: 'Lyon' }],
        ],
      )
      assert.equal(response.status, 'completed')
    }
    upstream.act = answerWith({ content: 'Sunny.' }, 'stop')
    const results = whole.output.flatMap((item) =>
      item.type === 'function_call'
        ? [{ type: 'function_call_output' as const, call_id: item.call_id, output: 'sun' }]
        : [],
    )
    const calls = whole.output.flatMap((item) => {
      if (item.type !== 'function_call') return []
      const { parsed_arguments: _, ...plain } = item
      return [plain]
    })
    const last = await client.responses.create({
      model: 'm',
      input: [{ role: 'user', content: 'Weather?' }, ...calls, ...results],
    })
    assert.equal(last.output_text, 'Sunny.')
    const plainCall = (index: number, city: string): object => {
      const { index: _, ...rest } = { index, ...call(index, city) }
      return rest
    }
    assert.deepEqual(sent(upstream), {
      model: 'cloud-1',
      messages: [
        { role: 'user', content: 'Weather?' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [plainCall(0, 'Paris'), plainCall(1, 'Lyon')],
        },
        { role: 'tool', tool_call_id: 'call_0', content: 'sun' },
        { role: 'tool', tool_call_id: 'call_1', content: 'sun' },
      ],
    })
  })

  test('structured output is asked for and parsed', async (t) => {
    const upstream = await startUpstream(t, answerWith({ content: '{"name":"Ann"}' }, 'stop'))
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const Person = z.object({ name: z.string() })
    const parsed = await clientOf(gateway).responses.parse({
      model: 'm',
      input: 'Who?',
      text: { format: zodTextFormat(Person, 'person') },
    })
    assert.deepEqual(parsed.output_parsed, { name: 'Ann' })
    const { response_format: format } = sent(upstream) as { response_format: { type: string } } // read just below
    assert.equal(format.type, 'json_schema')
  })

  test('an answer that was cut, thoughts and a refusal are told as such', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const client = clientOf(gateway)
    upstream.act = answerWith({ content: 'Half' }, 'length')
    const cut = await client.responses.create({ model: 'm', input: 'x' })
    assert.deepEqual(
      [cut.status, cut.incomplete_details?.reason],
      ['incomplete', 'max_output_tokens'],
    )
    upstream.act = answerWith({ reasoning_content: 'Hm.', content: 'Yes.' }, 'stop')
    const thought = client.responses.stream({
      model: 'm',
      input: 'x',
      reasoning: { effort: 'low' },
    })
    const seen: string[] = []
    thought.on('response.reasoning_text.delta', ({ delta }) => seen.push(delta))
    const items = (await thought.finalResponse()).output.map(({ type }) => type)
    assert.deepEqual([seen, items], [['Hm.'], ['reasoning', 'message']])
    upstream.act = answerWith({ content: null, refusal: 'I will not.' }, 'stop')
    const refused = await client.responses.create({ model: 'm', input: 'x' })
    const [message] = refused.output
    assert.ok(message?.type === 'message')
    assert.deepEqual(message.content, [{ type: 'refusal', refusal: 'I will not.' }])
  })
  test('the model on board answers, whole and streamed', async (t) => {
    const models = await starterModelDir()
    if ('skip' in models) return t.skip(models.skip)
    const home = testHome(t)
    symlinkSync(models.dir, join(home, 'models'))
    const gateway = await testGateway(t, 'discover: false\n', home)
    // the model is not ready at once: the client asks again when it is told to
    const client = new OpenAI({
      baseURL: `${gateway.url}/v1`,
      apiKey: gateway.key,
      maxRetries: 30,
    })
    const asked = { model: STARTER, input: 'Say hello.', max_output_tokens: 8 }
    const whole = await client.responses.create(asked)
    assert.ok(whole.output_text.length > 0)
    assert.ok((whole.usage?.output_tokens ?? 0) > 0)
    const streamed = await post(gateway, { ...asked, stream: true })
    const last = checkGrammar(await streamed.text())
    assert.ok(last['status'] === 'incomplete' || last['status'] === 'completed')
  })
})
