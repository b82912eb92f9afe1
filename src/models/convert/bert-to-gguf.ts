import { open, readFile, type FileHandle } from 'node:fs/promises'
import { PullError } from '../pull/pull-failure.ts'
import { BertConfig, bertMetadata } from './bert-metadata.ts'
import { toFloat16 } from './float16.ts'
import { ggufHead, paddingAfter, type GgufTensor } from './gguf-bytes.ts'
import { openSafetensors, type Safetensors } from './safetensors.ts'

/** Files of a sentence encoder as its authors publish it. */
export interface BertFiles {
  /** Safetensors, float32. */
  readonly weights: string
  /** config.json */
  readonly config: string
  /** vocab.txt, one token a line. */
  readonly vocabulary: string
}

export interface BertConversion {
  readonly files: BertFiles
  /** Where the GGUF goes. */
  readonly into: string
  readonly name: string
  readonly licence: string
  /** How the origin is written in messages. */
  readonly source: string
  readonly signal: AbortSignal
}

interface Planned extends GgufTensor {
  readonly from: string
}

/** Weights converted at a time: the process that does it also answers requests. */
const CHUNK_BYTES = 4 * 1024 * 1024

/** Our names of the parts of one layer, and the authors'. */
const LAYER: readonly (readonly [string, string])[] = [
  ['attn_q', 'attention.self.query'],
  ['attn_k', 'attention.self.key'],
  ['attn_v', 'attention.self.value'],
  ['attn_output', 'attention.output.dense'],
  ['attn_output_norm', 'attention.output.LayerNorm'],
  ['ffn_up', 'intermediate.dense'],
  ['ffn_down', 'output.dense'],
  ['layer_output_norm', 'output.LayerNorm'],
]

/**
 * Writes a BERT sentence encoder as GGUF for llama.cpp: matrices as float16, the rest as float32, mean pooling. The
 * same files always give the same bytes, so that the result can be pinned by its digest. @throws PullError
 */
export async function bertToGguf(task: BertConversion): Promise<void> {
  const config = await readConfig(task)
  const vocabulary = await readVocabulary(task, config)
  const weights = await openSafetensors(task.files.weights, task.source)
  try {
    const tensors = planned(config, weights, task)
    const file = await open(task.into, 'wx', 0o600)
    try {
      await file.write(ggufHead(bertMetadata(task.name, task.licence, config, vocabulary), tensors))
      for (const tensor of tensors) await writeTensor(file, tensor, weights, task.signal)
    } finally {
      await file.close()
    }
  } finally {
    await weights.close()
  }
}

async function writeTensor(
  file: FileHandle,
  tensor: Planned,
  weights: Safetensors,
  signal: AbortSignal,
): Promise<void> {
  const data = await weights.read(tensor.from)
  let written = 0
  for (let at = 0; at < data.length; at += CHUNK_BYTES) {
    signal.throwIfAborted()
    const chunk = data.subarray(at, at + CHUNK_BYTES)
    const bytes = tensor.type === 'F16' ? toFloat16(chunk) : chunk
    await file.write(bytes)
    written += bytes.length
  }
  await file.write(new Uint8Array(paddingAfter(written)))
}

function planned(
  config: BertConfig,
  weights: Safetensors,
  { source }: BertConversion,
): readonly Planned[] {
  const tensor = (name: string, from: string, type: 'F32' | 'F16'): Planned => {
    const shape = weights.shape(from)
    if (shape === null) throw new PullError({ code: 'package-malformed', detail: { source } })
    return { name, from, type, shape }
  }
  const both = (name: string, from: string): readonly Planned[] => [
    tensor(`${name}.weight`, `${from}.weight`, name.endsWith('norm') ? 'F32' : 'F16'),
    tensor(`${name}.bias`, `${from}.bias`, 'F32'),
  ]
  const layers = Array.from({ length: config.num_hidden_layers }, (_, layer) =>
    LAYER.flatMap(([name, from]) => both(`blk.${layer}.${name}`, `encoder.layer.${layer}.${from}`)),
  )
  return [
    tensor('token_embd.weight', 'embeddings.word_embeddings.weight', 'F16'),
    tensor('position_embd.weight', 'embeddings.position_embeddings.weight', 'F32'),
    tensor('token_types.weight', 'embeddings.token_type_embeddings.weight', 'F32'),
    ...both('token_embd_norm', 'embeddings.LayerNorm'),
    ...layers.flat(),
  ]
}

async function readConfig({ files, source }: BertConversion): Promise<BertConfig> {
  try {
    return BertConfig.parse(JSON.parse(await readFile(files.config, 'utf8')))
  } catch {
    throw new PullError({ code: 'package-malformed', detail: { source } })
  }
}

async function readVocabulary(
  { files, source }: BertConversion,
  config: BertConfig,
): Promise<readonly string[]> {
  const text = await readFile(files.vocabulary, 'utf8')
  const tokens = text.replace(/\n$/, '').split('\n')
  if (tokens.length === config.vocab_size) return tokens
  throw new PullError({ code: 'package-malformed', detail: { source } })
}
