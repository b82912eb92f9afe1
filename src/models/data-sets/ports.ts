/** A registered data set as the store keeps it; what stands in it is read by `readDataSet`. */
export interface DataSetRow {
  readonly name: string
  readonly version: string
  /** Counts the changes of this record from 1. */
  readonly revision: number
  readonly record: string
}

/** Data sets that were registered, for the whole house. */
export interface DataSetStore {
  /** By name and version. */
  list(): Promise<readonly DataSetRow[]>
  get(name: string, version: string): Promise<DataSetRow | null>
  /** Replaces the revision before; false when somebody else has done so meanwhile. */
  put(row: DataSetRow): Promise<boolean>
  /** False when it is not there in that revision. */
  remove(name: string, version: string, revision: number): Promise<boolean>
}
