import { open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openSafetensors } from '../convert/safetensors.ts'
import { NotOurTar, readTar, TAR_END, tarHeader, tarPadding } from '../getting/tar-stream.ts'
import { gguf, textValue, u32Value } from '../gguf/gguf.fixture.ts'
import { ggufFacts } from '../gguf/gguf-facts.ts'
import { readGgufHeader } from '../gguf/gguf-header.ts'
import { readManifest } from '../store/manifest.ts'
import { PullError } from '../pull/pull-failure.ts'
import { safetensors } from '../weights/testing/build-weights.ts'
import { openZipEntry } from '../packages/zip-entry.ts'
import { zip } from '../packages/zip.fixture.ts'
import { readRecord } from '../admission/record.ts'
import type { FuzzTarget } from './fuzz-target.ts'

/** Most bytes that come out of one entry of an archive here. */
const MOST_OUT = 4 * 1024 * 1024

type Make = (path: string) => FuzzTarget

const ggufHeader: Make = (path) => ({
  name: 'headers of GGUF',
  shape: 'bytes',
  seeds: [
    gguf(
      [
        ['general.architecture', textValue('llama')],
        ['llama.context_length', u32Value(2048)],
        ['tokenizer.chat_template', textValue('{{ messages }}')],
      ],
      [['token_embd.weight', [8, 4]]],
    ),
  ],
  async run(input) {
    await writeFile(path, input)
    const header = await readGgufHeader(path)
    return header === null ? 'none' : (ggufFacts(header).architecture ?? 'header')
  },
})

const safetensorsHeader: Make = (path) => ({
  name: 'safetensors to convert',
  shape: 'bytes',
  seeds: [
    safetensors([
      ['a', [2, 3]],
      ['b', [4]],
    ]),
  ],
  async run(input) {
    await writeFile(path, input)
    try {
      const file = await openSafetensors(path, 'x')
      try {
        if (file.shape('a') !== null) await file.read('a')
        return file.shape('a') === null ? 'no tensor' : 'tensor'
      } finally {
        await file.close()
      }
    } catch (error) {
      if (error instanceof PullError) return error.failure.code
      throw error
    }
  },
})

const zipEntry: Make = (path) => ({
  name: 'entries of packages',
  shape: 'bytes',
  seeds: [
    zip(
      [
        ['a/model.gguf', Buffer.from('w'.repeat(500))],
        ['b', Buffer.from('x')],
      ],
      true,
    ),
    zip([['a/model.gguf', Buffer.from('w'.repeat(500))]], false),
  ],
  async run(input) {
    await writeFile(path, input)
    const entry = await openZipEntry(path, 'a/model.gguf')
    if (entry === null) return 'none'
    let bytes = 0
    try {
      for await (const piece of entry) {
        bytes += piece.length
        if (bytes > MOST_OUT) return 'large'
      }
    } catch (error) {
      // zlib says what is wrong with the stream; nothing else is expected
      if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))
        return 'broken'
      throw error
    }
    return 'entry'
  },
})

const ownTar: Make = (path) => {
  const entry = (name: string, content: Buffer): Buffer =>
    Buffer.concat([tarHeader(name, content.length), content, tarPadding(content.length)])
  return {
    name: 'bundles of models',
    shape: 'bytes',
    seeds: [
      Buffer.concat([
        entry('bundle.json', Buffer.from('{}')),
        entry('blobs/x', Buffer.alloc(700)),
        TAR_END,
      ]),
    ],
    async run(input) {
      await writeFile(path, input)
      const file = await open(path, 'r')
      try {
        let count = 0
        for await (const { bytes, at } of readTar(file)) {
          if (at + bytes > input.length) throw new Error('beyond the end')
          count += 1
        }
        return `${Math.min(count, 3)} entries`
      } catch (error) {
        if (error instanceof NotOurTar) return 'not ours'
        throw error
      } finally {
        await file.close()
      }
    },
  }
}

const manifests: Make = (path) => ({
  name: 'manifests and records of the store',
  shape: 'json',
  seeds: [
    Buffer.from(
      JSON.stringify({
        name: 'brume',
        digest: 'a'.repeat(64),
        bytes: 1,
        format: 'gguf',
        source: { kind: 'file', reference: 'x' },
        pulledAt: '2026-11-22T00:00:00.000Z',
        architecture: null,
        parameters: null,
        quantisation: null,
        contextTokens: null,
        licence: null,
        openness: null,
      }),
    ),
  ],
  async run(input) {
    await writeFile(path, input)
    const record = readRecord(input.toString('utf8'))
    return (await readManifest(path)) !== null ? 'manifest' : record !== null ? 'record' : 'none'
  },
})

/** Parsers that read from the disk; each has a file of its own in the folder. */
export const fileTargets = (folder: string): readonly FuzzTarget[] =>
  [ggufHeader, safetensorsHeader, zipEntry, ownTar, manifests].map((make, at) =>
    make(join(folder, `input-${at}`)),
  )
