import type { TextPart } from '#kernel/text-part.ts'
import type { ClassificationMemo, Remembered } from './memo.ts'
import type { ScannedText, Spotted } from './scan-text.ts'
import type { Steps } from './scan/steps.ts'

/** What was found, and the ids of detectors that threw; `part` counts from where the scan stood. */
export interface Scanned<Found extends Spotted> {
  readonly spotted: readonly Found[]
  readonly failed: readonly string[]
}

/** Scanning by way of what is remembered, for one request. */
export interface Recall {
  part(part: TextPart, index: number, scan: () => ScannedText): Scanned<Spotted>
  /** A seam between parts, of which `near` are all that its windows reach; `before` of them stand before it. */
  seam(
    near: readonly number[],
    before: number,
    scan: () => Scanned<Remembered>,
  ): Scanned<Remembered>
}

/** Without a memo every text is scanned. */
const SCAN_ALL: Recall = {
  part: (_part, _index, scan) => scan(),
  seam: (_near, _before, scan) => scan(),
}

/** The memory of one tenant for one request, under one version of the company's own terms. Values are digests from the first scan on, so that old and new compare. */
export function recallOf(
  memo: ClassificationMemo | null,
  tenant: string,
  steps: Steps,
  ownTerms = '',
): Recall {
  if (memo === null) return SCAN_ALL
  const digests: string[] = []
  const through = <Found extends Spotted>(
    digest: string,
    scan: () => Scanned<Found>,
    asRemembered: (one: Found) => Remembered,
  ): Scanned<Remembered> => {
    const known = memo.find(digest, steps)
    if (known !== undefined) return { spotted: known, failed: [] }
    const before = steps.spent
    const { spotted, failed } = scan()
    const hidden = spotted.map((one) => ({
      ...asRemembered(one),
      value: memo.hidden(tenant, one.value),
    }))
    if (failed.length === 0 && !steps.exhausted) memo.keep(digest, hidden, steps.spent - before)
    return { spotted: hidden, failed }
  }
  return {
    part(part, index, scan) {
      const digest = memo.digest(tenant, part, ownTerms)
      digests[index] = digest
      return through(digest, scan, (one) => ({ ...one, part: 0 }))
    },
    seam(near, before, scan) {
      // digests have one length and hold the tenant and the rules: joined they name the neighbours and nothing else
      const digest = `${before}/${near.map((index) => digests[index] ?? '').join('')}`
      return through(digest, scan, (one) => one)
    },
  }
}
