/** Bills of materials that were kept, packed, each once under the digest of what it says. */
export interface BillStore {
  /** Idempotent: what is there stays as it is. */
  put(digest: string, bytes: Uint8Array): Promise<void>
  get(digest: string): Promise<Uint8Array | null>
  digests(): Promise<readonly string[]>
  remove(digests: readonly string[]): Promise<void>
}
