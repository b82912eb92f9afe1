import type { Migration } from './migration.ts'

/** Answers that wait for a person to read them, sealed. */
export const heldAnswers: Migration = {
  version: 15,
  sql: `
CREATE TABLE held_answer (
  id BLOB PRIMARY KEY,
  tenant TEXT NOT NULL,
  owner TEXT NOT NULL,
  caller TEXT NOT NULL,
  person TEXT,
  at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  class TEXT NOT NULL,
  categories TEXT NOT NULL,
  undetermined INTEGER NOT NULL,
  surface TEXT NOT NULL,
  destination TEXT NOT NULL,
  model TEXT NOT NULL,
  rule TEXT NOT NULL,
  found TEXT NOT NULL,
  state TEXT NOT NULL,
  reviewer TEXT,
  decided_at INTEGER,
  reason TEXT,
  sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX held_answer_list ON held_answer (tenant, state, at);
CREATE INDEX held_answer_owner ON held_answer (tenant, owner);
CREATE INDEX held_answer_end ON held_answer (expires_at);
`,
}
