import type { Content } from './identify.ts'

/** Extensions whose files hold one kind of content; another one is a trick, or a mistake that a loader stumbles over. */
const EXPECTED: readonly (readonly [RegExp, readonly Content[]])[] = [
  [/\.safetensors$/i, ['safetensors']],
  [/\.gguf$/i, ['gguf']],
  [
    /\.(?:json|jsonl|txt|md|rst|ya?ml|toml|cfg|ini|csv|tsv|jinja2?|j2|py|ipynb|html?|xml|svg|tiktoken|bpe|vocab|gitattributes|gitignore)$/i,
    ['text', 'script'],
  ],
  [/\.(?:png|jpe?g|gif|webp|bmp|pdf|mp3|mp4|wav|flac|ogg|webm|parquet|arrow)$/i, ['media']],
  [/\.npy$/i, ['npy']],
  [/\.tflite$/i, ['tflite']],
  [/\.(?:npz|keras|zip|whl|mar)$/i, ['zip']],
  [/\.(?:h5|hdf5)$/i, ['hdf5', 'binary', 'zip']],
]

/** Whether bytes of a kind may stand under a name; empty files are judged by themselves. */
export function fits(name: string, content: Content): boolean {
  if (content === 'empty') return true
  const expected = EXPECTED.find(([pattern]) => pattern.test(name))
  return expected === undefined || expected[1].includes(content)
}

/** Extensions that programs load as a pickle, whatever is inside. */
export const isPickleName = (name: string): boolean =>
  /\.(?:bin|pt|pth|ckpt|pkl|pickle|p|joblib|dat|data|dill|pdparams|pdopt|npy_pickle|th|t7|model)$/i.test(
    name,
  ) || /(?:^|\/)data\.pkl$/i.test(name)

/** Extensions of weights of any kind. */
export const isWeightsName = (name: string): boolean =>
  /\.(?:safetensors|gguf|bin|pt|pth|ckpt|pkl|pickle|joblib|h5|hdf5|keras|onnx|pb|tflite|npy|npz|msgpack|ot|pdparams)$/i.test(
    name,
  )
