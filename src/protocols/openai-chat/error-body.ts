/** The error object of the OpenAI dialect. */
export interface OpenAiError {
  readonly message: string
  readonly type: string
  readonly param: string | null
  readonly code: string | null
}

/** The error body of the OpenAI dialect: all four keys, always. */
export const openAiErrorBody = (error: OpenAiError): string => JSON.stringify({ error })

/** An error inside a stream: SDKs raise on any frame with a top-level `error`. */
export const openAiErrorFrame = (error: OpenAiError): string =>
  `data: ${JSON.stringify({ error })}\n\n`
