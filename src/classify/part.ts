/** A text of a request. `key` is the name of a field, `unreadable` content that no detector can read. */
export interface TextPart {
  /** Dotted path in the body: `messages.0.content`. */
  readonly path: string
  readonly text: string
  readonly kind: 'text' | 'key' | 'number' | 'unreadable'
}

/** The field's own name in words: `customer.taxId` gives `tax id`; a list index is skipped. */
export function fieldName(path: string): string {
  const name = path.split('.').findLast((step) => !/^\d+$/.test(step)) ?? ''
  const plain = name === 'content' || name === 'text' || name === 'input' || name === 'prompt'
  if (plain) return ''
  return name
    .slice(-80)
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]+/g, ' ')
}
