/** A duration in milliseconds. */
export type Milliseconds = number

/** A point in time: milliseconds since the Unix epoch, UTC. */
export type EpochMs = number

/** Currency per one million tokens, in euro. */
export type EuroPerMillionTokens = number
