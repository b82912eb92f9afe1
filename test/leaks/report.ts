/** What was seen, and what should never have been. */
export interface Report {
  exchanges: number
  organisations: number
  planted: number
  recorded: number
  refused: number
  hits: number
  kept: number
  masked: number
  burglaries: number
  /** Turns of conversations after the first. */
  turns: number
  /** Things that models said and somebody may not read. */
  spoken: number
  /** Answers that waited for a person; readings, decisions and releases of them, and tries that were refused. */
  held: number
  read: number
  decided: number
  released: number
  barred: number
  /** Requests to models that judge answers. */
  opinions: number
  /** Changes of policy or catalogue while exchanges went on. */
  changes: number
  /** Clocks that were set. */
  jumps: number
  /** Decisions that a shadow was asked about. */
  shadowed: number
  /** Refusals, by code. */
  readonly codes: Record<string, number>
  /** Texts that sinks were given, by sink. */
  readonly sinks: Record<string, number>
  /** The first of them, in words without content. */
  readonly leaks: string[]
}

export const emptyReport = (): Report => ({
  exchanges: 0,
  organisations: 0,
  planted: 0,
  recorded: 0,
  refused: 0,
  hits: 0,
  kept: 0,
  masked: 0,
  burglaries: 0,
  turns: 0,
  spoken: 0,
  held: 0,
  read: 0,
  decided: 0,
  released: 0,
  barred: 0,
  opinions: 0,
  changes: 0,
  jumps: 0,
  shadowed: 0,
  codes: {},
  sinks: {},
  leaks: [],
})
