import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import {
  callDeltas,
  chunkEvent,
  completionBody,
  DONE_EVENT,
  event,
  usageEvent,
  type AnswerHead,
  type Delta,
  type FinishReason,
  type ToolCall,
} from './chat-answer.ts'
import { readChatRequest, type ChatRequest } from './chat-request.ts'
import { errorBody } from './engine-error.ts'
import { sendJson, sendRefusal, weightsOf, type Exchange, type ServerPorts } from './http-answer.ts'

/** A reader who takes nothing for this long loses its slot, milliseconds. */
const STALL_MS = 60_000

/** Answers POST /v1/chat/completions, in one piece or as a stream. */
export async function answerChat(
  ports: ServerPorts,
  exchange: Exchange,
  body: unknown,
): Promise<void> {
  const request = readChatRequest(body)
  if (!request.ok) return sendRefusal(exchange.response, request.error)
  const head: AnswerHead = {
    id: `chatcmpl-${ports.newId()}`,
    created: Math.floor(ports.clock() / 1000),
    model: request.value.model,
  }
  const answer = request.value.stream ? answerStream : answerWhole
  await answer(ports, exchange, request.value, head)
}

/** The header by which the gateway keeps the computed state of its tenants apart. */
const scopeOf = ({ request }: Exchange): string => {
  const given = request.headers['x-ecluse-cache-scope']
  return typeof given === 'string' ? given.slice(0, 256) : ''
}

async function answerWhole(
  ports: ServerPorts,
  exchange: Exchange,
  request: ChatRequest,
  head: AnswerHead,
): Promise<void> {
  let text = ''
  const calls: ToolCall[] = []
  const generated = await ports.core.chat({
    request,
    weights: weightsOf(exchange),
    scope: scopeOf(exchange),
    signal: exchange.signal,
    onStart: () => undefined,
    onSaid: (said) => {
      if (said.kind === 'text') text += said.text
      else calls.push({ id: callId(ports), name: said.name, arguments: said.arguments })
    },
  })
  if (!generated.ok) return sendRefusal(exchange.response, generated.error)
  const { finish, usage } = generated.value
  const body = completionBody(head, { text, calls }, finishOf(finish, calls.length), usage)
  sendJson(exchange.response, 200, body)
}

/** Nine letters and digits: Mistral's templates take no other. */
const callId = (ports: ServerPorts): string => ports.newId().replaceAll('-', '').slice(-9)

/** An answer that was cut is cut, whatever it had called before. */
const finishOf = (finish: FinishReason, calls: number): FinishReason =>
  finish === 'stop' && calls > 0 ? 'tool_calls' : finish

async function answerStream(
  ports: ServerPorts,
  exchange: Exchange,
  request: ChatRequest,
  head: AnswerHead,
): Promise<void> {
  const { response, signal } = exchange
  const { includeUsage } = request
  let calls = 0
  const start = (): void => {
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      'x-accel-buffering': 'no',
    })
    response.write(chunkEvent(head, { role: 'assistant', content: '' }, null, includeUsage))
  }
  try {
    const generated = await ports.core.chat({
      request,
      weights: weightsOf(exchange),
      scope: scopeOf(exchange),
      signal,
      onStart: start,
      onSaid: async (said) => {
        const deltas: readonly Delta[] =
          said.kind === 'text'
            ? [{ content: said.text }]
            : callDeltas({ id: callId(ports), name: said.name, arguments: said.arguments }, calls++)
        for (const delta of deltas)
          await write(response, chunkEvent(head, delta, null, includeUsage), signal)
      },
    })
    if (!generated.ok) return sendRefusal(response, generated.error)
    const { finish, usage } = generated.value
    response.write(chunkEvent(head, {}, finishOf(finish, calls), includeUsage))
    if (includeUsage) response.write(usageEvent(head, usage))
    response.end(DONE_EVENT)
  } catch (error) {
    if (signal.aborted || !response.headersSent) throw error
    // An error frame and no [DONE]: a broken answer must not look complete.
    response.end(event(errorBody({ code: 'internal-error' })))
  }
}

async function write(response: ServerResponse, text: string, signal: AbortSignal): Promise<void> {
  if (response.write(text)) return
  const stalled = AbortSignal.timeout(STALL_MS)
  try {
    await once(response, 'drain', { signal: AbortSignal.any([signal, stalled]) })
  } catch (error) {
    if (stalled.aborted) response.destroy()
    throw error
  }
}
