/** Content type of this dialect's streams. */
export const OLLAMA_STREAM = 'application/x-ndjson'
