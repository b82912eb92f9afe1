/**
 * Values of `anthropic-beta` that a destination of this dialect gets from the caller: they change how it reads, counts
 * or words an answer. Left out are those that reach further than the destination the policy chose (remote MCP servers,
 * fallback to other models) or that refer to what the vendor stores (files, skills, containers, threads, memory).
 */
const ALLOWED: ReadonlySet<string> = new Set([
  'advanced-tool-use-2025-11-20',
  'cache-diagnosis-2026-04-07',
  'claude-code-20250219',
  'compact-2026-01-12',
  'compact-2026-09-04',
  'computer-use-2024-10-22',
  'computer-use-2025-01-24',
  'computer-use-2025-11-24',
  'context-1m-2025-08-07',
  'context-management-2025-06-27',
  'dev-full-thinking-2025-05-14',
  'effort-2025-11-24',
  'extended-cache-ttl-2025-04-11',
  'fast-mode-2026-02-01',
  'fine-grained-tool-streaming-2025-05-14',
  'interleaved-thinking-2025-05-14',
  'mid-conversation-output-config-2026-07-01',
  'mid-conversation-system-clear-at-2026-08-21',
  'mid-conversation-tool-changes-2026-07-01',
  'model-context-window-exceeded-2025-08-26',
  'output-128k-2025-02-19',
  'output-300k-2026-03-24',
  'pdfs-2024-09-25',
  'prompt-caching-2024-07-31',
  'structured-outputs-2025-11-13',
  'task-budgets-2026-03-13',
  'thinking-binding-controls-2026-08-01',
  'thinking-display-updates-2026-08-18',
  'thinking-token-count-2026-05-13',
  'token-counting-2024-11-01',
  'token-efficient-tools-2025-02-19',
])

/** Versions of the API (its version history): bodies and streams have the same shapes, the newer takes no sampling settings. */
export const ANTHROPIC_VERSIONS = ['2023-06-01', '2026-10-21'] as const
export type AnthropicVersion = (typeof ANTHROPIC_VERSIONS)[number]

/** The version for callers who name none and for callers of other dialects: every server knows it, and it takes a temperature. */
export const USUAL_VERSION: AnthropicVersion = '2023-06-01'

/** What the headers of a caller of this dialect say. */
export interface CallerHeaders {
  readonly version: AnthropicVersion
  readonly betas: readonly string[]
}

/** Headers for a destination of this dialect, and whether some of the caller's betas were left out. */
export function headersFor({ version, betas }: CallerHeaders): {
  readonly headers: Readonly<Record<string, string>>
  readonly dropped: readonly string[]
} {
  const allowed = [...new Set(betas)].filter((beta) => ALLOWED.has(beta))
  return {
    headers: {
      'anthropic-version': version,
      ...(allowed.length > 0 ? { 'anthropic-beta': allowed.join(',') } : {}),
    },
    dropped: betas.every((beta) => ALLOWED.has(beta)) ? [] : ['anthropic-beta'],
  }
}
