/** An append that does not continue its chain: another process has continued it, or was given the right to. */
export class ChainLost extends Error {
  constructor(writer: string) {
    super(`the ledger of writer ${writer} was continued by another process`)
  }
}
