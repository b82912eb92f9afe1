/** A record as the store keeps it; what stands in it is read by `readRecord`. */
export interface AdmissionRow {
  /** Of the weights, lower-case hexadecimal. */
  readonly digest: string
  /** Counts the changes of this record from 1. */
  readonly version: number
  readonly record: string
}

/** Records of admission, one for each set of weights, for the whole house. */
export interface AdmissionStore {
  list(): Promise<readonly AdmissionRow[]>
  get(digest: string): Promise<AdmissionRow | null>
  /** Replaces the version before; false when somebody else has done so meanwhile. */
  put(row: AdmissionRow): Promise<boolean>
}
