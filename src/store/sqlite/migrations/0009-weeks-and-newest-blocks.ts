import type { Migration } from './migration.ts'

/** Counts by week beside those by day and hour, so that a chart of half a year adds up few rows; weeks begin on Monday, in UTC. Blocks are found from the newest on. */
export const weeksAndNewestBlocks: Migration = {
  version: 9,
  sql: `
CREATE INDEX ledger_block_highest ON ledger_block (highest, first);

INSERT INTO rollup (tenant, grain, dimension, start, value, requests, refused, failed, answered,
    prompt_tokens, completion_tokens, cost_micro, unpriced, energy_mwh, total_ms)
  SELECT tenant, 604800000, dimension, start - (start + 259200000) % 604800000, value,
    sum(requests), sum(refused), sum(failed), sum(answered), sum(prompt_tokens), sum(completion_tokens),
    sum(cost_micro), sum(unpriced), sum(energy_mwh), sum(total_ms)
  FROM rollup WHERE grain = 86400000
  GROUP BY tenant, dimension, start - (start + 259200000) % 604800000, value;
`,
}
