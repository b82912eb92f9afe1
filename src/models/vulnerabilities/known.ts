import { readKept } from './kept.ts'
import { knowledgeOf, type Knowledge } from './knowledge.ts'
import { shippedVulnerabilities } from './shipped.ts'

export interface Known extends Knowledge {
  /** Day of the newest look at what is shipped. */
  readonly shipped: string
  readonly imported: { readonly records: number; readonly statements: number }
  readonly broken: readonly string[]
}

/** What is shipped and what was imported into this folder, together. */
export async function readKnown(folder: string | null): Promise<Known> {
  const shipped = shippedVulnerabilities()
  const kept = folder === null ? EMPTY : await readKept(folder)
  return {
    ...knowledgeOf([...shipped.records, ...kept.records], kept.statements),
    shipped: shipped.retrieved,
    imported: { records: kept.records.length, statements: kept.statements.length },
    broken: kept.broken,
  }
}

const EMPTY = { records: [], statements: [], broken: [] }
