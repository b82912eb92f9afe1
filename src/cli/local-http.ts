import { request } from 'node:http'

export interface LocalAnswer {
  readonly status: number
  readonly text: string
}

const TIMEOUT_MS = 3000

function targetOf(url: string, path: string): { host: string; port: string; path: string } {
  const { hostname, port } = new URL(url)
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port || '80', path }
}

/** A small request to a Unix socket or a loopback URL of our own; null when nobody answers there. */
export function localGet(
  where: { socketPath: string } | { url: string },
  path: string,
): Promise<LocalAnswer | null> {
  return new Promise((resolve) => {
    const target =
      'socketPath' in where ? { socketPath: where.socketPath, path } : targetOf(where.url, path)
    const options = { ...target, timeout: TIMEOUT_MS, headers: { host: 'localhost' } }
    const call = request(options, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (piece: string) => {
        text += piece
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
      answer.on('error', () => resolve(null))
    })
    call.on('timeout', () => call.destroy())
    call.on('error', () => resolve(null))
    call.end()
  })
}
