import { exactly, type ByteSource } from './bytes/byte-source.ts'

const MARK = Buffer.from('894844460d0a1a0a', 'hex')

/** HDF5 may begin behind a block of somebody else, at 512, 1024, 2048 …: the place of its mark, or -1. */
export function hdf5At(source: ByteSource): number {
  for (let at = 512; at + 8 <= source.size; at *= 2) {
    if (exactly(source, at, 8)?.equals(MARK) === true) return at
  }
  return -1
}
