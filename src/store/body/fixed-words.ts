/**
 * Texts that every ledger holds. Their position is stored in bodies: words are only ever added at the end, and never
 * more than 96 that are short of a byte.
 */
const TEXT = `public internal confidential restricted
personal credentials health special-category finance legal judicial hr children source-code infrastructure strategy
location export-control marking company
device on-prem managed api not-ready down
answered refused failed cancelled auto
openai-chat openai-responses openai-completions openai-embeddings openai-moderations openai-media anthropic-messages
gemini-generate ollama-chat ollama-generate ollama-embed rerank
no-eligible-destination unknown-model destination-timeout destination-failed destination-unreachable
destination-rate-limited stream-interrupted model-not-ready queue-full`

export const FIXED_WORDS: readonly string[] = TEXT.split(/\s/)

export const FIXED_NUMBERS: ReadonlyMap<string, number> = new Map(
  FIXED_WORDS.map((word, number) => [word, number]),
)
