import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { AnchorSettings } from '#config/types.ts'
import type { Anchor } from '#ledger/evidence/anchors.ts'
import { openOutboundFetch } from '#providers/outbound-fetch.ts'

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

/** The configuration names the place, so it may be on the company's own network; the checkpoint carries its own signature. */
function urlAnchor({ url, key }: Extract<AnchorSettings, { kind: 'url' }>): OpenAnchor {
  const outbound = openOutboundFetch({ reach: 'private', timeoutMs: TIMEOUT_MS })
  return {
    name: named('url', url),
    async send(line) {
      try {
        const answer = await outbound.fetch(url, {
          method: 'POST',
          headers: {
            ...(key ? { authorization: `Bearer ${key.reveal()}` } : {}),
            'content-type': 'application/json',
          },
          body: line,
        })
        return answer.ok
      } catch {
        return false
      }
    },
    close: () => outbound.close(),
  }
}

/** The place by its digest: its progress is kept, its address is not. */
const named = (kind: string, place: string): string =>
  `${kind}:${createHash('sha256').update(place).digest('hex').slice(0, 16)}`
