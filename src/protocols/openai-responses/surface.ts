import type { JsonObject } from '#kernel/canonical-json.ts'
import { conversationSurface } from '../conversation-surface.ts'
import { isList, isObject } from '../json-body.ts'
import type { AnswerNaming } from '../openai-chat/surface.ts'
import type { SurfaceRequest } from '../surface.ts'
import { responsesTextParts } from './parts.ts'
import type { ResponsesRequest } from './request.ts'
import { echoOf } from './response-object.ts'
import { responsesToConversation } from './to-conversation.ts'
import { responsesWriter } from './writer.ts'

/** A Responses request, ready for the pipeline. */
export function responsesSurface(request: ResponsesRequest, naming: AnswerNaming): SurfaceRequest {
  const { body } = request
  return conversationSurface({
    surface: 'openai-responses',
    requestedModel: request.model,
    stream: request.stream,
    textParts: () => responsesTextParts(body),
    // no destination is asked in this dialect yet: each gets what it speaks itself
    native: null,
    conversation: () => responsesToConversation(body),
    newWriter: () =>
      responsesWriter({
        id: naming.id.replaceAll('-', ''),
        createdSeconds: naming.createdSeconds,
        model: request.model,
        echo: echoOf(body),
        asSummary: wantsSummary(body),
        signature: wantsSignature(body),
      }),
  })
}

const wantsSummary = ({ reasoning }: JsonObject): boolean =>
  isObject(reasoning) && typeof reasoning['summary'] === 'string'

const wantsSignature = ({ include }: JsonObject): boolean =>
  isList(include) && include.includes('reasoning.encrypted_content')
