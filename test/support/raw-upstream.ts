import { createServer, type AddressInfo, type Socket } from 'node:net'
import type { TestContext } from 'node:test'

export interface RawUpstream {
  readonly url: string
  /** Requests that reached it whole, as they were written. */
  readonly seen: readonly string[]
  /** Every connection that was made. */
  readonly connections: readonly Socket[]
  /** What the next request is answered with. */
  act: (socket: Socket, request: string) => void
}

/** A server that answers with bytes of the test's own, HTTP or not. */
export async function startRawUpstream(
  t: TestContext,
  act: RawUpstream['act'] = () => {},
): Promise<RawUpstream> {
  const seen: string[] = []
  const connections: Socket[] = []
  const upstream = { url: '', seen, connections, act }
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    connections.push(socket)
    socket.setNoDelay(true)
    socket.on('error', () => {})
    let received = ''
    socket.setEncoding('latin1')
    socket.on('data', (piece: string) => {
      received += piece
      const head = received.indexOf('\r\n\r\n')
      const length = /content-length: (\d+)/i.exec(received)?.[1]
      if (head === -1 || received.length < head + 4 + Number(length ?? 0)) return
      seen.push(received)
      const request = received
      received = ''
      upstream.act(socket, request)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address() as AddressInfo // listening on TCP
  upstream.url = `http://127.0.0.1:${address.port}/v1`
  t.after(async () => {
    for (const socket of connections) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  return upstream
}

/** An HTTP answer as bytes; `headers` are lines. */
export const rawAnswer = (headers: readonly string[], body: string): string =>
  `HTTP/1.1 200 OK\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n${body}`

/** Writes the pieces one after the other, each in its own turn of the event loop. */
export function writePieces(socket: Socket, pieces: readonly Uint8Array[]): void {
  const [first, ...others] = pieces
  if (first === undefined || socket.destroyed) return
  socket.write(first, () => setImmediate(() => writePieces(socket, others)))
}
