import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { createLoopbackGet, type LocalGet } from './loopback-get.ts'

/** Starts a real server on a free port of this machine, stopped with the test. */
export async function startServer(t: TestContext, listener: RequestListener): Promise<number> {
  const server: Server = createServer(listener)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const address: AddressInfo | string | null = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** Answers JSON by path; every other path is a 404 in JSON. */
export const jsonServer =
  (answers: Readonly<Record<string, unknown>>): RequestListener =>
  (request, response) => {
    const found = Object.hasOwn(answers, request.url ?? '')
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' })
    response.end(JSON.stringify(found ? answers[request.url ?? ''] : { detail: 'Not Found' }))
  }

/** The real get, with the usual ports replaced by the given ones; a port without a stand-in is closed. */
export function getOn(ports: Readonly<Record<number, number>>, timeoutMs: number): LocalGet {
  const get = createLoopbackGet(timeoutMs)
  return (url, signal) => {
    const moved = new URL(url)
    const port = ports[Number(moved.port)]
    // port 1 of this machine: nothing listens there
    moved.port = String(port ?? 1)
    return get(moved.href, signal)
  }
}
