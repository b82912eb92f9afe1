/** How one kind of event is laid out: its fields in canonical order. */
export interface Shape {
  /** What a body says of it. */
  readonly number: number
  readonly type: string
  readonly v: number
  readonly fields: readonly Field[]
  /** What follows the last field. */
  readonly ending: string
  /** Bytes that tell which optional fields are there. */
  readonly maskBytes: number
}

export interface Field {
  readonly name: string
  /** Quoted, with its colon. */
  readonly key: string
  /** The one value it has in this kind of event, as JSON. */
  readonly constant: string | null
  readonly optional: boolean
  /** Its texts, however deep, come again and again: they are kept once, in the table of words. */
  readonly repeated: boolean
}

/**
 * Layouts of the same kind of event differ in little: a row that names another of them may say the same. From this number on
 * a second byte goes with the number, so that no one byte can be changed unnoticed.
 */
export const CHECKED_FROM = 13
export const checkOf = (number: number): number => number ^ 0x2a

/**
 * How events are laid out in stored bodies. The position in this list is stored: lines are only ever added at the end,
 * and an event gains a field by a new line for it. The newest line of a type and version is the one that is written.
 * `?` after a name: it may be absent. `#`: its texts come again and again.
 */
const LINES = [
  'decision 1 application?# catalogue# categories# class destination# findings# health# inputTokens key# model# policy# refusal# served# surface# team?# undetermined zone zones',
  'outcome 1 cachedTokens? code# completionTokens costMicro? decision destination# dropped?# energyMwh? firstByteMs promptTokens reasoningTokens? sentTo?# status totalMs',
  'admin 1 action# actor# after? before? subject',
  'refusal 1 code# count from key# surface# until',
  'sign-in 1 code# method outcome subject',
  'checkpoint 1 hash number',
  'decision 1 application?# catalogue# categories# class destination# findings# health# held?# inputTokens key# limits?# model# person?# policy# purpose?# refusal# served# surface# team?# undetermined zone zones',
  'outcome 1 cachedTokens? code# completionTokens costMicro? countedTokens? currency?# decision destination# dropped?# energyMwh? firstByteMs promptTokens reasoningTokens? sentTo?# settled?# status totalMs',
  'decision 1 application?# catalogue# categories# class destination# findings# health# held?# inputTokens key# limits?# masked?# model# person?# policy# purpose?# refusal# served# surface# team?# undetermined zone zones',
  'outcome 1 cachedTokens? code# completionTokens costMicro? countedTokens? currency?# decision destination# dropped?# energyMwh? firstByteMs masked? promptTokens reasoningTokens? sentTo?# settled?# status totalMs',
  'outcome 1 answerDone?# answerFound?# cachedTokens? code# completionTokens costMicro? countedTokens? currency?# decision destination# dropped?# energyMwh? firstByteMs masked? promptTokens reasoningTokens? sentTo?# settled?# status totalMs',
  'decision 1 application?# catalogue# categories# class destination# findings# health# held?# inputTokens key# latency?# limits?# masked?# model# person?# policy# purpose?# refusal# served# surface# team?# undetermined zone zones',
  'outcome 1 answerDone?# answerFound?# cached? cachedFrom?# cachedTokens? code# completionTokens costMicro? countedTokens? currency?# decision destination# dropped?# energyMwh? firstByteMs masked? promptTokens reasoningTokens? sentTo?# settled?# status totalMs',
  'decision 1 application?# catalogue# categories# class destination# findings# health# held?# inputTokens key# latency?# limits?# masked?# model# opinionOn? person?# policy# purpose?# refusal# served# surface# team?# undetermined zone zones',
  'outcome 1 answerDone?# answerFound?# cached? cachedFrom?# cachedTokens? code# completionTokens costMicro? countedTokens? currency?# decision destination# dropped?# energyMwh? firstByteMs masked? opinion?# promptTokens reasoningTokens? sentTo?# settled?# status totalMs',
] as const

/** `type` and `v` stand among the fields, and need no byte. */
function shapeOf(line: string, number: number): Shape {
  const [type = '', v = '', ...names] = line.split(' ')
  const constants: Readonly<Record<string, string>> = { type: JSON.stringify(type), v }
  const fields = [...names, 'type', 'v'].map((text): Field => {
    const name = text.replaceAll(/[?#]/g, '')
    return {
      name,
      key: `${JSON.stringify(name)}:`,
      constant: constants[name] ?? null,
      optional: text.includes('?'),
      repeated: text.includes('#'),
    }
  })
  fields.sort((a, b) => (a.name < b.name ? -1 : 1))
  const optional = fields.filter((field) => field.optional).length
  return {
    number,
    type,
    v: Number(v),
    fields,
    ending: '}',
    maskBytes: Math.ceil(optional / 8),
  }
}

export const SHAPES: readonly Shape[] = LINES.map(shapeOf)

const NEWEST_FIRST = SHAPES.toReversed()
const BY_TYPE = new Map(
  SHAPES.map(({ type }) => [type, NEWEST_FIRST.filter((shape) => shape.type === type)]),
)
const TYPE = /"type":"([a-z-]+)"/

/** The layouts that a payload may have, newest first; none: it is stored as a map. */
export function shapesOf(payload: string): readonly Shape[] {
  const [, type = ''] = TYPE.exec(payload) ?? []
  return BY_TYPE.get(type) ?? []
}
