/** One piece of a request as the classifier sees it: a string, an object key, a number, or something it cannot read. */
export interface TextPart {
  /** Dotted path in the body: `messages.0.content`. */
  readonly path: string
  readonly text: string
  readonly kind: 'text' | 'key' | 'number' | 'unreadable'
}
