/** Who goes first where requests wait: people before work that nobody watches. */
export const PRIORITIES = ['interactive', 'normal', 'batch'] as const
export type Priority = (typeof PRIORITIES)[number]
