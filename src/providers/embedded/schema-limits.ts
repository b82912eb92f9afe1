/** Copies that repetition may make of one rule: the library refuses more. */
export const MAX_REPETITION = 500
