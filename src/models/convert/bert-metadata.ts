import { z } from 'zod'
import type { GgufField } from './gguf-bytes.ts'

/** The figures of a BERT encoder, as its config.json gives them. */
export const BertConfig = z.object({
  model_type: z.literal('bert'),
  hidden_act: z.literal('gelu'),
  position_embedding_type: z.literal('absolute').default('absolute'),
  hidden_size: z.int().min(1).max(65_536),
  intermediate_size: z.int().min(1).max(1_000_000),
  layer_norm_eps: z.number().positive(),
  max_position_embeddings: z.int().min(1).max(1_000_000),
  num_attention_heads: z.int().min(1).max(1024),
  num_hidden_layers: z.int().min(1).max(256),
  type_vocab_size: z.int().min(1).max(16),
  vocab_size: z.int().min(1).max(1_000_000),
})
export type BertConfig = z.infer<typeof BertConfig>

/** Names that llama.cpp gives to what BERT calls [CLS] and so on. */
const SPECIAL: readonly (readonly [string, string])[] = [
  ['[CLS]', 'bos'],
  ['[CLS]', 'cls'],
  ['[UNK]', 'unknown'],
  ['[SEP]', 'eos'],
  // spelt so in the format itself
  ['[SEP]', 'seperator'],
  ['[PAD]', 'padding'],
  ['[MASK]', 'mask'],
]

const NORMAL = 1
const CONTROL = 3
const MEAN_POOLING = 1
const MOSTLY_F16 = 1

/** Metadata of a sentence encoder with mean pooling, key by key as llama.cpp reads them. */
export function bertMetadata(
  name: string,
  licence: string,
  config: BertConfig,
  vocabulary: readonly string[],
): readonly (readonly [string, GgufField])[] {
  const controls = new Set(SPECIAL.map(([token]) => token))
  return [
    ['general.architecture', ['text', 'bert']],
    ['general.name', ['text', name]],
    ['general.license', ['text', licence]],
    ['general.file_type', ['u32', MOSTLY_F16]],
    ['bert.block_count', ['u32', config.num_hidden_layers]],
    ['bert.context_length', ['u32', config.max_position_embeddings]],
    ['bert.embedding_length', ['u32', config.hidden_size]],
    ['bert.feed_forward_length', ['u32', config.intermediate_size]],
    ['bert.attention.head_count', ['u32', config.num_attention_heads]],
    ['bert.attention.layer_norm_epsilon', ['f32', config.layer_norm_eps]],
    ['bert.attention.causal', ['bool', false]],
    ['bert.pooling_type', ['u32', MEAN_POOLING]],
    ['tokenizer.ggml.model', ['text', 'bert']],
    ['tokenizer.ggml.token_type_count', ['u32', config.type_vocab_size]],
    ['tokenizer.ggml.tokens', ['texts', vocabulary.map((t) => (controls.has(t) ? t : piece(t)))]],
    [
      'tokenizer.ggml.token_type',
      ['i32s', vocabulary.map((token) => (controls.has(token) ? CONTROL : NORMAL))],
    ],
    ...SPECIAL.flatMap(([token, role]) => {
      const id = vocabulary.indexOf(token)
      return id < 0 ? [] : [[`tokenizer.ggml.${role}_token_id`, ['u32', id]] as const]
    }),
  ]
}

/** WordPiece marks what continues a word; llama.cpp marks what begins one. */
const piece = (token: string): string =>
  token.startsWith('##') ? token.slice(2) : `\u2581${token}`
