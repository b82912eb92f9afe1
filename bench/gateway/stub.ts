// The scripted upstream, in a process of its own: answers by the name of the model, always the same way.
import { createServer, type ServerResponse } from 'node:http'

const TOKENS = Number(process.env['BENCH_TOKENS'] ?? 64)
const TOKEN_MS = Number(process.env['BENCH_TOKEN_MS'] ?? 2)
const SLOW_MS = Number(process.env['BENCH_SLOW_MS'] ?? 500)
/** Bytes of each end of a body that are looked at. */
const ENDS = 400
const NAMES = { id: 'chatcmpl-bench', created: 1, model: 'bench' }

const ANSWER = JSON.stringify({
  ...NAMES,
  object: 'chat.completion',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: 'The lock is open. '.repeat(30) },
      finish_reason: 'stop',
    },
  ],
  usage: { prompt_tokens: 250, completion_tokens: 120, total_tokens: 370 },
})

const frame = (delta: object, finish: string | null): string =>
  `data: ${JSON.stringify({ ...NAMES, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`
const TOKEN = frame({ content: 'écluse ' }, null)
const END = `${frame({}, 'stop')}data: [DONE]\n\n`

interface Open {
  readonly response: ServerResponse
  left: number
}

/** Streams by their pace; one timer each, however many streams. */
function pace(everyMs: number): (open: Open) => void {
  const lanes = Array.from({ length: Math.min(20, everyMs) }, (): Set<Open> => new Set())
  let turn = 0
  let joined = 0
  setInterval(() => {
    const lane = lanes[turn++ % lanes.length]
    for (const open of lane ?? []) {
      if (open.left-- > 0) open.response.write(TOKEN)
      else {
        lane?.delete(open)
        open.response.end(END)
      }
    }
  }, everyMs / lanes.length)
  return (open) => {
    const lane = lanes[joined++ % lanes.length]
    lane?.add(open)
    open.response.once('close', () => lane?.delete(open))
  }
}

const quick = pace(TOKEN_MS)
const slow = pace(SLOW_MS)

const server = createServer((request, response) => {
  // the model stands before the messages or behind them
  let head = ''
  let tail = ''
  request.on('data', (piece: Buffer) => {
    if (head.length < ENDS) head += piece.toString('latin1', 0, ENDS)
    tail = (tail + piece.toString('latin1', Math.max(0, piece.length - ENDS))).slice(-ENDS)
  })
  request.on('end', () => {
    const ends = head + tail
    if (!ends.includes('bench-stream') && !ends.includes('bench-slow')) {
      response
        .writeHead(200, {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(ANSWER),
        })
        .end(ANSWER)
      return
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(frame({ role: 'assistant', content: '' }, null))
    const join = ends.includes('bench-slow') ? slow : quick
    join({ response, left: TOKENS })
  })
})
server.keepAliveTimeout = 120_000
server.listen(Number(process.env['BENCH_PORT'] ?? 0), '127.0.0.1', 4096, () => {
  console.log('ready')
})
