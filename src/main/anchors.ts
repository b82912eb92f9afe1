import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { Pool } from 'undici'
import type { AnchorSettings } from '#config/types.ts'
import type { Anchor } from '#ledger/evidence/anchors.ts'

const TIMEOUT_MS = 10_000

/** The places outside that the configuration names. */
export const openAnchors = (settings: readonly AnchorSettings[]): readonly OpenAnchor[] =>
  settings.map((anchor) => (anchor.kind === 'file' ? fileAnchor(anchor.path) : urlAnchor(anchor)))

export interface OpenAnchor extends Anchor {
  close(): Promise<void>
}

/** Lines are only ever added: on a disk that allows nothing else they stay. */
const fileAnchor = (path: string): OpenAnchor => ({
  name: named('file', path),
  async send(line) {
    try {
      const file = await open(path, 'a', 0o644)
      try {
        await file.appendFile(`${line}\n`)
        await file.sync()
      } finally {
        await file.close()
      }
      return true
    } catch {
      return false
    }
  },
  close: () => Promise.resolve(),
})

/** Redirects are not followed; the checkpoint in the body carries its own signature. */
function urlAnchor({ url, key }: Extract<AnchorSettings, { kind: 'url' }>): OpenAnchor {
  const { origin, pathname, search } = new URL(url)
  const pool = new Pool(origin, {
    connections: 1,
    connect: { timeout: TIMEOUT_MS },
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
  })
  return {
    name: named('url', url),
    async send(line) {
      try {
        const answer = await pool.request({
          method: 'POST',
          path: pathname + search,
          headers: {
            ...(key ? { authorization: `Bearer ${key.reveal()}` } : {}),
            'content-type': 'application/json',
            'user-agent': 'ecluse',
          },
          body: line,
        })
        await answer.body.dump()
        return answer.statusCode >= 200 && answer.statusCode < 300
      } catch {
        return false
      }
    },
    close: () => pool.destroy(),
  }
}

/** The place by its digest: its progress is kept, its address is not. */
const named = (kind: string, place: string): string =>
  `${kind}:${createHash('sha256').update(place).digest('hex').slice(0, 16)}`
