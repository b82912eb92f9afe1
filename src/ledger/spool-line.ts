import { hash } from 'node:crypto'
import type { LedgerRecord } from './event.ts'
import { bytesOf, hex } from './hash.ts'
import type { LedgerBatch } from './ports.ts'

/** Hexadecimal digits of the checksum before each line. */
const SUM_DIGITS = 16

const sumOf = (json: string): string => hash('sha256', json, 'hex').slice(0, SUM_DIGITS)

/** A batch on one line, with a checksum in front: a line that was cut is none. */
export function spoolLine({ writer, records, head }: LedgerBatch): string {
  const json = JSON.stringify({
    writer,
    head: { seq: head.seq, hash: hex(head.hash) },
    records: records.map(({ writer: _, prev, leaf, salt, ...record }) => ({
      ...record,
      prev: hex(prev),
      leaf: hex(leaf),
      salt: salt && hex(salt),
    })),
  })
  return `${sumOf(json)} ${json}`
}

/** What a line holds; null when it is not whole. */
export function readSpoolLine(line: string): LedgerBatch | null {
  const json = line.slice(SUM_DIGITS + 1)
  if (line.slice(0, SUM_DIGITS) !== sumOf(json)) return null
  // the checksum says that it is what spoolLine wrote
  const { writer, head, records } = JSON.parse(json) as Written
  return {
    writer,
    head: { writer, seq: head.seq, hash: bytesOf(head.hash) },
    records: records.map(({ prev, leaf, salt, ...record }) => ({
      ...record,
      writer,
      prev: bytesOf(prev),
      leaf: bytesOf(leaf),
      salt: salt === null ? null : bytesOf(salt),
    })),
  }
}

type WrittenRecord = Omit<LedgerRecord, 'writer' | 'prev' | 'leaf' | 'salt'> & {
  readonly prev: string
  readonly leaf: string
  readonly salt: string | null
}

interface Written {
  readonly writer: string
  readonly head: { readonly seq: number; readonly hash: string }
  readonly records: readonly WrittenRecord[]
}
