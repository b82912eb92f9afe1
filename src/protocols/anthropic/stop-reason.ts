import type { FinishReason } from '../answer-event.ts'

/** A neutral reason in Anthropic's words. */
export const STOP_REASONS: Readonly<Record<FinishReason, string>> = {
  stop: 'end_turn',
  'stop-sequence': 'stop_sequence',
  length: 'max_tokens',
  'context-full': 'model_context_window_exceeded',
  'tool-calls': 'tool_use',
  'content-filter': 'refusal',
  pause: 'pause_turn',
}

const FINISH_REASONS: ReadonlyMap<string, FinishReason> = new Map(
  Object.entries(STOP_REASONS).map(([neutral, own]) => [own, neutral as FinishReason]), // keys of the table above
)

/** A reason we do not know is a pause: the answer ended, but nobody may take it as complete. */
export const finishReasonOf = (stopReason: string): FinishReason =>
  FINISH_REASONS.get(stopReason) ?? 'pause'
