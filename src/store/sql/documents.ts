import { err, ok } from '#kernel/result.ts'
import type { DocumentStore, StoredDocument } from '../ports.ts'
import type { Queries } from './queries.ts'

/** Versions of policies and catalogues. */
export function createDocumentStore(queries: Queries): DocumentStore {
  const ofKind = (kind: string) =>
    queries
      .selectFrom('document')
      .select(['kind', 'version', 'json', 'at'])
      .where('kind', '=', kind)
  const get = async (kind: string, version: string): Promise<StoredDocument | null> =>
    documentOf(await ofKind(kind).where('version', '=', version).executeTakeFirst())
  return {
    async put({ kind, version, json, at }) {
      const insert = queries.insertInto('document').columns(['kind', 'version', 'json', 'at'])
      const put = insert.values({ kind, version, json, at })
      await put.onConflict((conflict) => conflict.doNothing()).execute()
      const kept = await get(kind, version)
      return kept?.json === json ? ok(undefined) : err({ code: 'conflict' })
    },
    get,
    newest: async (kind) =>
      documentOf(await ofKind(kind).orderBy('number', 'desc').limit(1).executeTakeFirst()),
  }
}

/** A plain object: the rows of node:sqlite have no prototype. */
const documentOf = (row: StoredDocument | undefined): StoredDocument | null =>
  row ? { ...row } : null
