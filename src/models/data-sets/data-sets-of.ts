import type { DataSet, DataSetUse } from './data-set.ts'

/** A data set that a model was made or measured with. */
export interface UsedDataSet {
  readonly dataSet: DataSet
  readonly use: DataSetUse
}

/** Names by which a model may be meant: as it is served, its id here, its aliases; and digests of its weights. */
export interface MeantModel {
  readonly names: readonly string[]
  readonly digests: readonly (string | null)[]
}

/** The registered data sets that name a model, each use once. */
export function dataSetsOf(all: readonly DataSet[], meant: MeantModel): readonly UsedDataSet[] {
  return all.flatMap((dataSet) => {
    const uses = dataSet.models.filter(({ model }) => isMeant(model, meant)).map(({ use }) => use)
    return [...new Set(uses)].map((use) => ({ dataSet, use }))
  })
}

function isMeant(model: string, { names, digests }: MeantModel): boolean {
  if (names.includes(model)) return true
  const [digest] = /^[0-9a-f]{64}$/.exec(model.toLowerCase().replace(/^sha256:/, '')) ?? []
  return digest !== undefined && digests.includes(digest)
}
