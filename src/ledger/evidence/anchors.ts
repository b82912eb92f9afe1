import { canonicalJson } from '#kernel/canonical-json.ts'
import { hex } from '../hash.ts'
import type { EvidenceStore } from '../ports.ts'
import type { SignedCheckpoint } from './checkpoint.ts'

/** A place outside the database that is given every checkpoint, in order. */
export interface Anchor {
  /** What its progress is kept under: it names the place. */
  readonly name: string
  /** True once it is there for good. */
  readonly send: (line: string) => Promise<boolean>
}

/** One checkpoint as a line of text: what stands in anchor files and in bodies that are posted. */
export const anchorLine = ({ body, signature }: SignedCheckpoint): string =>
  canonicalJson({ body, signature: hex(signature) })

/** The checkpoint in such a line; null when it is none. */
export function readAnchorLine(line: string): SignedCheckpoint | null {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value !== 'object' || value === null) return null
    const { body, signature } = value as Readonly<Record<string, unknown>>
    if (typeof body !== 'string' || typeof signature !== 'string') return null
    const { number } = JSON.parse(body) as { readonly number: unknown }
    if (!Number.isSafeInteger(number)) return null
    return {
      number: Number(number),
      body,
      signature: Uint8Array.from(Buffer.from(signature, 'hex')),
    }
  } catch {
    return null
  }
}

/** Hands on what each anchor does not have yet; one that fails is tried again next time, from where it stands. Returns the names that failed. */
export async function deliver(
  evidence: Pick<EvidenceStore, 'checkpoints' | 'delivered' | 'setDelivered'>,
  anchors: readonly Anchor[],
): Promise<readonly string[]> {
  const failed = await Promise.all(
    anchors.map(async ({ name, send }) => {
      const from = (await evidence.delivered(name)) + 1
      for await (const checkpoint of evidence.checkpoints(from)) {
        if (!(await send(anchorLine(checkpoint)))) return [name]
        await evidence.setDelivered(name, checkpoint.number)
      }
      return []
    }),
  )
  return failed.flat()
}
