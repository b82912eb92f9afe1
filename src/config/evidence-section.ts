import { resolve } from 'node:path'
import type { DataClass } from '#kernel/label.ts'
import { isLoopback } from './listen-address.ts'
import type { Reading } from './reading.ts'
import { FileSchema } from './schema.ts'
import { secretAt } from './secret-at.ts'
import type { Secret } from './secret.ts'
import type { AnchorSettings, EvidenceSettings } from './types.ts'

const DAY_MS = 86_400_000

/** The section about evidence, with paths made whole and keys resolved. */
export function readEvidence(reading: Reading): EvidenceSettings {
  const parsed = FileSchema.shape.evidence.safeParse(reading.file.value['evidence'] ?? {})
  const row = parsed.success ? parsed.data : FileSchema.shape.evidence.parse({})
  const { decision_days: decision, class_days: classes, other_days: other } = row.retention
  const { record_days: record } = row.retention
  return {
    checkpointMs: row.checkpoint_seconds * 1000,
    anchors: row.anchors.map((anchor, i): AnchorSettings => {
      if ('file' in anchor)
        return { kind: 'file', path: resolve(reading.location.folder, anchor.file) }
      return { kind: 'url', url: anchor.url, key: checkedKey(reading, anchor, i) }
    }),
    retention: {
      decisionMs: decision * DAY_MS,
      classMs: new Map(
        Object.entries(classes).map(([name, days]) => [name as DataClass, days * DAY_MS]),
      ),
      otherMs: other * DAY_MS,
      recordMs: record === undefined ? null : record * DAY_MS,
    },
  }
}

function checkedKey(
  reading: Reading,
  anchor: { readonly url: string; readonly key?: string | undefined },
  i: number,
): Secret | null {
  const { complain } = reading
  const url = new URL(anchor.url)
  const at = ['evidence', 'anchors', i]
  if (url.username !== '' || url.password !== '') {
    complain({ code: 'credentials-in-url', path: [...at, 'url'] })
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    complain({ code: 'plain-http', path: [...at, 'url'] })
  }
  if (anchor.key === undefined) return null
  return secretAt(reading, anchor.key, [...at, 'key'])
}
