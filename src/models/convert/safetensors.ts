import { open, type FileHandle } from 'node:fs/promises'
import { z } from 'zod'
import { PullError } from '../pull/pull-failure.ts'

const Tensor = z.object({
  dtype: z.string(),
  shape: z.array(z.int().nonnegative()),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
})
const Header = z.record(z.string(), z.unknown())

/** Bound on a hostile file. */
const MAX_HEADER_BYTES = 4 * 1024 * 1024
const LENGTH_BYTES = 8
const FLOAT_BYTES = 4

/** Tensors of a file, read one at a time. */
export interface Safetensors {
  /** Shape, outermost dimension first; null when there is no float32 tensor of that name. */
  shape(name: string): readonly number[] | null
  /** Its bytes, little-endian float32. @throws PullError when there is no such tensor. */
  read(name: string): Promise<Uint8Array>
  close(): Promise<void>
}

/** Opens a safetensors file (huggingface/safetensors README, format). @throws PullError when it is not one. */
export async function openSafetensors(path: string, source: string): Promise<Safetensors> {
  const malformed = (): PullError =>
    new PullError({ code: 'package-malformed', detail: { source } })
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const length = Number((await readExactly(file, 0, LENGTH_BYTES))?.readBigUInt64LE() ?? 0n)
    if (length === 0 || length > MAX_HEADER_BYTES) throw malformed()
    const bytes = await readExactly(file, LENGTH_BYTES, length)
    const header = readHeader(bytes)
    if (header === null) throw malformed()
    const start = LENGTH_BYTES + length
    const find = (name: string): z.infer<typeof Tensor> | null => {
      const read = Tensor.safeParse(Object.hasOwn(header, name) ? header[name] : null)
      if (!read.success || read.data.dtype !== 'F32') return null
      const [from, to] = read.data.data_offsets
      const count = read.data.shape.reduce((product, axis) => product * axis, 1)
      return to - from === count * FLOAT_BYTES && start + to <= size ? read.data : null
    }
    return {
      shape: (name) => find(name)?.shape ?? null,
      async read(name) {
        const tensor = find(name)
        if (tensor === null) throw malformed()
        const [from, to] = tensor.data_offsets
        const data = await readExactly(file, start + from, to - from)
        if (data === null) throw malformed()
        return data
      },
      close: () => file.close(),
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

function readHeader(bytes: Buffer | null): Readonly<Record<string, unknown>> | null {
  try {
    return Header.parse(JSON.parse(bytes?.toString('utf8') ?? ''))
  } catch {
    return null
  }
}

async function readExactly(file: FileHandle, at: number, length: number): Promise<Buffer | null> {
  const bytes = Buffer.alloc(length)
  const { bytesRead } = await file.read(bytes, 0, length, at)
  return bytesRead === length ? bytes : null
}
