import type { ApiName, DialectName } from '#kernel/destination.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { TextPart } from '#kernel/text-part.ts'
import type { AnswerFilter } from './answer-filter.ts'
import type { Conversation } from './conversation.ts'
import { dialects } from './dialects.ts'
import type {
  AnswerReader,
  AnswerWriter,
  Outgoing,
  OutputBound,
  Rewrite,
  SurfaceName,
  SurfaceRequest,
} from './surface.ts'
import { translated } from './translate.ts'

/** A chat request of any surface, and the two ways it can leave. */
export interface ConversationRequest {
  readonly surface: SurfaceName
  readonly requestedModel: string
  readonly stream: boolean
  readonly textParts: () => readonly TextPart[]
  readonly rewrite: Rewrite
  /** The answer has no text: there is nothing to filter. */
  readonly isTextless?: boolean
  readonly outputBound: () => OutputBound
  /** To destinations of the caller's own dialect the body goes as it is; no translator runs. */
  readonly native: {
    readonly dialect: DialectName
    /** Only where the destination serves this itself; absent: every one of that dialect does. */
    readonly api?: ApiName
    readonly outgoing: (upstreamModel: string) => Outgoing
  } | null
  /** For every other dialect; made once, refused where the request cannot be put in the neutral form. */
  readonly conversation: () => Result<Conversation, Refusal>
  readonly newWriter: () => AnswerWriter
  /** Where several answers are asked for at once (`n`), which no other dialect has; absent: one. */
  readonly several?: {
    readonly count: number
    /** Reads as many answers as there are filters, each through its own. */
    readonly reader: (filters: readonly AnswerFilter[]) => AnswerReader
  }
}

/** Answers at once that are filtered; the protocol has no more. */
const MOST_ANSWERS = 128

/** A chat request, ready for the pipeline. */
export function conversationSurface(request: ConversationRequest): SurfaceRequest {
  let conversation: Result<Conversation, Refusal> | null = null
  return {
    surface: request.surface,
    requestedModel: request.requestedModel,
    stream: request.stream,
    textParts: request.textParts,
    rewrite: request.rewrite,
    outputBound: request.outputBound,
    writeWhole: (events) => request.newWriter().whole(events),
    writeStream(events) {
      const writer = request.newWriter()
      return { type: writer.streamType, text: writer.step(events) + writer.end() }
    },
    hasFormat() {
      conversation ??= request.conversation()
      return conversation.ok && conversation.value.output.kind !== 'text'
    },
    forDestination(name, model, apis = [], filter) {
      if (model.task !== undefined && model.task !== 'chat') {
        return err({ code: 'unsupported-parameter', param: 'model' })
      }
      const { native } = request
      const isNative = native?.dialect === name && (!native.api || apis.includes(native.api))
      if (isNative && (!filter || request.isTextless)) return ok(native.outgoing(model.upstream))
      const dialect = dialects[name]
      if (!dialect) return err({ code: 'unsupported-parameter', param: 'model' })
      const { several } = request
      const filters = several && isNative ? filtersFor(several.count, filter) : null
      if (several && !filters) return err({ code: 'unsupported-parameter', param: 'n' })
      conversation ??= request.conversation()
      if (!conversation.ok) return conversation
      const asked = dialect.request(conversation.value, model.upstream, request.stream)
      if (!asked.ok) return asked
      const dropped = [...new Set([...conversation.value.unmapped, ...asked.value.dropped])]
      if (several && filters) {
        const body = { ...asked.value.body, n: several.count }
        return ok({ ...asked.value, body, dropped, reader: several.reader(filters) })
      }
      return ok({
        ...asked.value,
        dropped,
        reader: translated(dialect, request.newWriter(), filter),
      })
    },
  }
}

/** A filter for each of several answers; null where there are none like it, or too many answers. */
function filtersFor(
  count: number,
  filter: AnswerFilter | undefined,
): readonly AnswerFilter[] | null {
  const another = filter?.another
  if (!another || !Number.isInteger(count) || count < 1 || count > MOST_ANSWERS) return null
  return [filter, ...Array.from({ length: count - 1 }, () => another())]
}
