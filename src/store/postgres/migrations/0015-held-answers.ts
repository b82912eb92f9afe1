import type { Migration } from './migration.ts'

/** Answers that wait for a person to read them, sealed. */
export const heldAnswers: Migration = {
  version: 15,
  sql: `
CREATE TABLE held_answer (
  id BYTEA PRIMARY KEY,
  tenant TEXT COLLATE "C" NOT NULL,
  owner TEXT COLLATE "C" NOT NULL,
  caller TEXT COLLATE "C" NOT NULL,
  person TEXT COLLATE "C",
  at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  class TEXT COLLATE "C" NOT NULL,
  categories TEXT NOT NULL,
  undetermined BIGINT NOT NULL,
  surface TEXT COLLATE "C" NOT NULL,
  destination TEXT COLLATE "C" NOT NULL,
  model TEXT COLLATE "C" NOT NULL,
  rule TEXT COLLATE "C" NOT NULL,
  found TEXT NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  reviewer TEXT COLLATE "C",
  decided_at BIGINT,
  reason TEXT,
  sealed BYTEA NOT NULL
);
CREATE INDEX held_answer_list ON held_answer (tenant, state, at);
CREATE INDEX held_answer_owner ON held_answer (tenant, owner);
CREATE INDEX held_answer_end ON held_answer (expires_at);
`,
}
