import type { JsonObject } from '#kernel/canonical-json.ts'

/** One frame of a Messages stream: the event name is the type of its data. */
export const frame = (data: JsonObject & { readonly type: string }): string =>
  `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`
