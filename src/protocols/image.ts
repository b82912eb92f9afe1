import type { ContentPart } from './conversation.ts'

const DATA_URL = /^data:([\w.+/-]{1,100});base64,/

/** An image from its address: the bytes of a `data:` URL, or an address that somebody else may fetch. */
export function imageOf(url: string): ContentPart {
  const head = DATA_URL.exec(url)
  if (!head) return { kind: 'image', mediaType: null, data: null, url }
  return { kind: 'image', mediaType: head[1] ?? null, data: url.slice(head[0].length), url: null }
}

/** The address of an image, a `data:` URL where only its bytes are known. */
export const imageUrl = (image: Extract<ContentPart, { kind: 'image' }>): string =>
  image.url ?? `data:${image.mediaType ?? 'image/png'};base64,${image.data ?? ''}`
