import type { ModelTask, ServedModel } from '#kernel/destination.ts'

/** What names of models say where nothing else does; the field's usual names. */
const NAMES: readonly (readonly [ModelTask, RegExp])[] = [
  ['rerank', /rerank/i],
  ['moderations', /moderation/i],
  ['embeddings', /embed|minilm|mpnet|(^|[-/_])(bge|gte|e5)([-_]|$)/i],
]

/** What a model is for: as the destination says, else as its name says, else null. */
export const taskOf = (model: ServedModel): ModelTask | null =>
  model.task ??
  NAMES.find(([, name]) => name.test(model.upstream) || name.test(model.name))?.[0] ??
  null

/** Whether a model may be asked for a task. `auto` goes only where the task is known; a name is taken at its word. */
export function serves(model: ServedModel, task: ModelTask, requested: string): boolean {
  if (model.task !== undefined) return model.task === task
  return requested !== 'auto' || taskOf(model) === task
}
