import type { JsonObject } from '#kernel/canonical-json.ts'
import { conversationSurface } from '../conversation-surface.ts'
import { isList, isObject } from '../json-body.ts'
import type { AnswerNaming } from '../openai-chat/surface.ts'
import type { SurfaceRequest } from '../surface.ts'
import { responsesTextParts } from './parts.ts'
import type { ResponsesRequest } from './request.ts'
import { echoOf } from './response-object.ts'
import { responsesToConversation } from './to-conversation.ts'
import { responsesWriter, type ResponsesWriter } from './writer.ts'

/**
 * A Responses request, ready for the pipeline. `opened` is told each writer of a stream, for a stream that breaks ends
 * in an event that only its writer can number.
 */
export function responsesSurface(
  request: ResponsesRequest,
  naming: AnswerNaming,
  opened: (writer: ResponsesWriter) => void,
): SurfaceRequest {
  const { body } = request
  return conversationSurface({
    surface: 'openai-responses',
    requestedModel: request.model,
    stream: request.stream,
    textParts: () => responsesTextParts(body),
    // no destination is asked in this dialect yet: each gets what it speaks itself
    native: null,
    conversation: () => responsesToConversation(body),
    newWriter() {
      const writer = responsesWriter({
        id: naming.id.replaceAll('-', ''),
        createdSeconds: naming.createdSeconds,
        model: request.model,
        echo: echoOf(body),
        asSummary: wantsSummary(body),
        signature: wantsSignature(body),
      })
      if (request.stream) opened(writer)
      return writer
    },
  })
}

const wantsSummary = ({ reasoning }: JsonObject): boolean =>
  isObject(reasoning) && typeof reasoning['summary'] === 'string'

const wantsSignature = ({ include }: JsonObject): boolean =>
  isList(include) && include.includes('reasoning.encrypted_content')
