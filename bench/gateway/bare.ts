// The floor that everything is measured against: node:http in, undici dispatch out, bytes passed on as they are.
import { createServer, type ServerResponse } from 'node:http'
import { Pool, type Dispatcher } from 'undici'

const upstream = new URL(process.env['BENCH_UPSTREAM'] ?? 'http://127.0.0.1:1')
const pool = new Pool(upstream.origin, { connections: null, pipelining: 1 })

/** Carries the answer from undici to the caller; the slow reader holds the upstream back. */
const relay = (response: ServerResponse): Dispatcher.DispatchHandler => ({
  onRequestStart: () => {},
  onResponseStart(_, status, headers) {
    const { 'content-length': length, 'content-type': type } = headers
    response.writeHead(status, {
      'content-type': String(type),
      ...(length === undefined ? {} : { 'content-length': String(length) }),
    })
  },
  onResponseData(controller, chunk) {
    if (response.write(chunk)) return
    controller.pause()
    response.once('drain', () => controller.resume())
  },
  onResponseEnd: () => response.end(),
  onResponseError: () => response.destroy(),
})

createServer((request, response) => {
  const pieces: Buffer[] = []
  request.on('data', (piece: Buffer) => pieces.push(piece))
  request.on('end', () => {
    const body = pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces)
    const headers = { 'content-type': 'application/json', authorization: 'Bearer upstream' }
    pool.dispatch({ method: 'POST', path: request.url ?? '/', headers, body }, relay(response))
  })
}).listen(Number(process.env['BENCH_PORT'] ?? 0), '127.0.0.1', 4096, () => {
  console.log('ready')
})
