import type { JsonObject } from '#kernel/canonical-json.ts'
import { conversationSurface } from '../conversation-surface.ts'
import { rewriteOf } from '../rewrite.ts'
import { outputBound } from '../output-bound.ts'
import { isList, isObject } from '../json-body.ts'
import type { AnswerNaming } from '../openai-chat/surface.ts'
import type { SurfaceRequest } from '../surface.ts'
import { nativeReader } from './native-reader.ts'
import { responsesBodyFor, staysInside } from './native-request.ts'
import { responsesTextParts } from './parts.ts'
import type { ResponsesRequest } from './request.ts'
import { echoOf, responseObject } from './response-object.ts'
import { responsesToConversation } from './to-conversation.ts'
import { responsesWriter } from './writer.ts'

/** A Responses request, ready for the pipeline. */
export function responsesSurface(request: ResponsesRequest, naming: AnswerNaming): SurfaceRequest {
  const { body } = request
  const id = naming.id.replaceAll('-', '')
  const begun = (): JsonObject =>
    responseObject(echoOf(body), {
      id: `resp_${id}`,
      createdSeconds: naming.createdSeconds,
      model: request.model,
      status: 'in_progress',
      output: [],
      error: null,
      incomplete: null,
      usage: null,
    })
  return conversationSurface({
    surface: 'openai-responses',
    requestedModel: request.model,
    stream: request.stream,
    textParts: () => responsesTextParts(body),
    rewrite: rewriteOf(body, (other) => responsesSurface({ ...request, body: other }, naming)),
    outputBound: () => outputBound(body),
    native: staysInside(body)
      ? {
          dialect: 'openai',
          api: 'responses',
          outgoing: (upstreamModel) => ({
            path: '/responses',
            headers: {},
            body: responsesBodyFor(request, upstreamModel),
            dropped: [],
            reader: nativeReader(begun),
          }),
        }
      : null,
    conversation: () => responsesToConversation(body),
    newWriter: () =>
      responsesWriter({
        id,
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
