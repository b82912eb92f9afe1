import type { Label } from '#kernel/label.ts'

/** A label as commands write it in JSON. */
export const labelView = (label: Label): object => ({
  class: label.class,
  categories: label.categories,
  ...(label.undetermined ? { undetermined: true } : {}),
})
