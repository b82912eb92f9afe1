/** Waiting time before a broken live connection is tried again, in milliseconds: 1 s, doubling, 15 s at most. */
export const reconnectDelayMs = (failures: number): number =>
  Math.min(1_000 * 2 ** Math.max(0, failures - 1), 15_000)
