import type { JsonObject } from '#kernel/canonical-json.ts'
import type { Reasoning } from '../conversation.ts'

/** Models from 3 on are told a level, earlier ones a budget. */
const HAS_LEVELS = /gemini-(?:[3-9]|[1-9]\d)/

/** Tokens that an effort stands for where only budgets are known (Google, OpenAI compatibility of the Gemini API). */
const BUDGETS = { none: 0, minimal: 1024, low: 1024, medium: 8192, high: 24_576 } as const

const LEVELS = {
  none: 'MINIMAL',
  minimal: 'MINIMAL',
  low: 'LOW',
  medium: 'MEDIUM',
  high: 'HIGH',
} as const

/** How much to think; thoughts are asked for, because whoever asks for reasoning can read it. */
export function thinkingOf({ effort, budgetTokens }: Reasoning, model: string): JsonObject {
  const shown = effort === 'none' ? {} : { includeThoughts: true }
  if (budgetTokens !== null) return { ...shown, thinkingBudget: budgetTokens }
  if (effort === null) return shown
  return HAS_LEVELS.test(model)
    ? { ...shown, thinkingLevel: LEVELS[effort] }
    : { ...shown, thinkingBudget: BUDGETS[effort] }
}
