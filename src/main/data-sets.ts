import { createHash } from 'node:crypto'
import type { DataSetsAdmin } from '#gateway/admin-ports.ts'
import { canonicalJson } from '#kernel/canonical-json.ts'
import { err, ok } from '#kernel/result.ts'
import { dataSetId, parseDataSetId, readDataSet, type DataSet } from '#models/data-sets/data-set.ts'
import type { Core } from './core.ts'

export interface DataSetParts {
  readonly core: Pick<Core, 'houseEvent'> & { readonly store: Pick<Core['store'], 'dataSets'> }
  /** A bill tells of data sets. */
  readonly changed: () => void
}

/** The register of the company's own data sets: what changes it is in the ledger, on the disk, before it counts. */
export function keepDataSets({ core, changed }: DataSetParts): DataSetsAdmin {
  const { dataSets } = core.store
  return {
    all: async () => (await dataSets.list()).flatMap(({ record }) => readDataSet(record) ?? []),
    async put(id, fields, replaces, actor) {
      const named = parseDataSetId(id)
      if (named === null) return err({ code: 'invalid-value', param: 'id', detail: ID_EXPECTED })
      const next: DataSet = { ...named, ...fields }
      const record = canonicalJson({ ...next, models: next.models.map((one) => ({ ...one })) })
      const before = await dataSets.get(named.name, named.version)
      if (before?.record === record) return ok({ dataSet: next, isNew: false })
      if (before !== null && !replaces)
        return err({
          code: 'conflict',
          param: 'id',
          detail: { name: `${id} (to replace it: --replace, ?replace=true)` },
        })
      const digests = {
        ...(before === null ? {} : { before: digestOf(before.record) }),
        after: digestOf(record),
      }
      const action = before === null ? 'data-set-registered' : 'data-set-changed'
      const event = { type: 'admin', v: 1, actor, action, subject: dataSetId(named) } as const
      const told = await core.houseEvent({ ...event, ...digests })
      if (!told.ok) return told
      const revision = (before?.revision ?? 0) + 1
      if (!(await dataSets.put({ ...named, revision, record })))
        return err({ code: 'changed-meanwhile', param: 'id' })
      changed()
      return ok({ dataSet: next, isNew: before === null })
    },
    async remove(id, actor) {
      const named = parseDataSetId(id)
      const before = named && (await dataSets.get(named.name, named.version))
      if (named === null || before === null) return err({ code: 'not-found', param: 'id' })
      const told = await core.houseEvent({
        type: 'admin',
        v: 1,
        actor,
        action: 'data-set-removed',
        subject: id,
        before: digestOf(before.record),
      })
      if (!told.ok) return told
      if (!(await dataSets.remove(named.name, named.version, before.revision)))
        return err({ code: 'changed-meanwhile', param: 'id' })
      changed()
      return ok(undefined)
    },
  }
}

const ID_EXPECTED = { expected: 'NAME@VERSION, of letters, digits, dots, - and _' }

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex')
