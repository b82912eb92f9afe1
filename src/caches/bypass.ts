import { maskFor, NO_ANSWER_DUTIES, type AnswerDuties, type Duties } from '#kernel/duties.ts'
import { classRank } from '#kernel/label.ts'
import type { Narrowing, Verdict } from '#kernel/verdict.ts'
import type { SurfaceName } from '#protocols/surface.ts'
import type { CacheSettings } from './settings.ts'

/** Why a request has nothing to do with what is kept. */
export type Bypass =
  | 'asked'
  | 'surface'
  | 'undetermined'
  | 'class'
  | 'duty'
  | 'masked'
  | 'guarded'
  | 'nowhere'

/** Surfaces whose requests are JSON and whose answers hold no more than texts and figures. */
const SURFACES: ReadonlySet<SurfaceName> = new Set([
  'openai-chat',
  'openai-completions',
  'openai-responses',
  'openai-embeddings',
  'openai-moderations',
  'rerank',
  'anthropic-messages',
  'ollama-chat',
  'ollama-generate',
  'ollama-embed',
  'gemini-generate',
])

interface Asked {
  readonly surface: SurfaceName
  readonly isReadable: boolean
  readonly narrowing: Narrowing
  readonly verdict: Verdict
}

/** Why this request is neither answered from what is kept nor kept itself; null: it may be. */
export function bypassOf(
  { surface, isReadable, narrowing, verdict }: Asked,
  { upTo }: Pick<CacheSettings, 'upTo'>,
): Bypass | null {
  const { label, duties, allowed } = verdict
  if (narrowing.cache?.noStore) return 'asked'
  if (!isReadable || !SURFACES.has(surface)) return 'surface'
  if (label.undetermined) return 'undetermined'
  if (classRank(label.class) > classRank(upTo)) return 'class'
  if (isForbidden(duties)) return 'duty'
  // what is masked differs by conversation, and what is restored in an answer belongs to its asker
  if (allowed.some(({ zone }) => maskFor(duties, zone) !== null)) return 'masked'
  if (isGuarded(duties.answers)) return 'guarded'
  return allowed.length === 0 ? 'nowhere' : null
}

/** Duties under which nothing is kept, wherever it would be. */
export const isForbidden = ({ noStore, noCache, review, opinions }: Duties): boolean =>
  noStore || noCache || review || opinions.length > 0

/** Whether what a guard finds in an answer is held, refused or changed: that is for one asker. */
const isGuarded = (answers: AnswerDuties): boolean =>
  Object.entries(answers).some(
    ([kind, action]) => NO_ANSWER_DUTIES[kind as keyof AnswerDuties] !== action,
  )
