import { request } from 'node:http'
import { z } from 'zod'
import { sseStep, SSE_START } from '#protocols/sse.ts'

export interface Message {
  readonly role: 'user' | 'assistant'
  readonly content: string
}

export interface ChatOutcome {
  readonly text: string
  /** The message of a refusal or of an interruption, or null. */
  readonly problem: string | null
  readonly dataClass: string | null
  readonly destination: string | null
}

const Piece = z.object({
  choices: z
    .array(z.object({ delta: z.object({ content: z.string().nullish() }).optional() }))
    .optional(),
  error: z.object({ message: z.string() }).optional(),
})

/** One streamed question over the administration socket: the same road as any caller's, policy included. */
export function askChat(
  socketPath: string,
  model: string,
  messages: readonly Message[],
  language: string,
  show: (piece: string) => void,
  signal: AbortSignal,
): Promise<ChatOutcome> {
  return new Promise((resolve) => {
    const body = JSON.stringify({ model, messages, stream: true })
    const headers = {
      host: 'localhost',
      'content-type': 'application/json',
      'accept-language': language,
    }
    let text = ''
    let rest = ''
    let problem: string | null = null
    const call = request(
      { socketPath, method: 'POST', path: '/v1/chat/completions', headers, signal },
      (answer) => {
        const header = (name: string): string | null => {
          const value = answer.headers[name]
          return typeof value === 'string' ? value : null
        }
        let state = SSE_START
        answer.setEncoding('utf8')
        answer.on('data', (chunk: string) => {
          if (answer.statusCode !== 200) {
            rest += chunk
            return
          }
          const [next, events] = sseStep(state, chunk)
          state = next
          for (const { data } of events) {
            const piece = data === '[DONE]' ? null : readPiece(data)
            if (piece?.error) problem = piece.error.message
            const content = piece?.choices?.[0]?.delta?.content ?? ''
            text += content
            if (content !== '') show(content)
          }
        })
        answer.on('end', () => {
          if (answer.statusCode !== 200)
            problem = readPiece(rest)?.error?.message ?? `HTTP ${answer.statusCode ?? '?'}`
          resolve({
            text,
            problem,
            dataClass: header('x-ecluse-class'),
            destination: header('x-ecluse-destination'),
          })
        })
        answer.on('error', () => resolve({ text, problem, dataClass: null, destination: null }))
      },
    )
    call.on('error', (error) => {
      const isOurs = signal.aborted
      resolve({ text, problem: isOurs ? null : error.message, dataClass: null, destination: null })
    })
    call.end(body)
  })
}

function readPiece(data: string): z.infer<typeof Piece> | null {
  try {
    const read = Piece.safeParse(JSON.parse(data))
    return read.success ? read.data : null
  } catch {
    return null
  }
}
