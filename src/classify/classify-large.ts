import type { TextPart } from '#kernel/text-part.ts'
import { type Classified, type Classify, type ClassifyOptions, STEP_BUDGET } from './classify.ts'
import { isLargeText, ScansElsewhere } from './elsewhere.ts'
import { fieldName } from './part.ts'
import { type RunScanJob, scanInJobs } from './scan-jobs.ts'

/** Classifies at once, or later where a text is large. */
export type ClassifyLarge = (
  parts: readonly TextPart[],
  options: ClassifyOptions,
) => Classified | Promise<Classified>

/** The same classifier, its large texts scanned by `run`: what is remembered of them is not scanned again. */
export function classifyLarge(classify: Classify, run: RunScanJob): ClassifyLarge {
  return (parts, options) =>
    hasLarge(parts) ? inRounds(classify, run, parts, options) : classify(parts, options)
}

function hasLarge(parts: readonly TextPart[]): boolean {
  for (const part of parts) if (isLargeText(part)) return true
  return false
}

/** Each round puts more scans there: one to learn what is not remembered, one to use what came back. */
async function inRounds(
  classify: Classify,
  run: RunScanJob,
  parts: readonly TextPart[],
  options: ClassifyOptions,
): Promise<Classified> {
  const elsewhere = new ScansElsewhere()
  const { stepBudget = STEP_BUDGET } = options
  for (;;) {
    const classified = classify(parts, { ...options, elsewhere })
    const { missing } = elsewhere
    if (missing.length === 0) return classified
    await Promise.all(
      missing.map(async (index) => {
        const { text, path } = parts[index] ?? { text: '', path: '' }
        elsewhere.put(index, await scanInJobs(text, fieldName(path), stepBudget, run))
      }),
    )
  }
}
