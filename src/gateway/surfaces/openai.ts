import { ok } from '#kernel/result.ts'
import { readChatRequest } from '#protocols/openai-chat/request.ts'
import { chatSurface } from '#protocols/openai-chat/surface.ts'
import { openAiErrors } from './openai-errors.ts'
import type { SurfaceRoute } from './surface-route.ts'

/** The OpenAI surfaces. */
export const openAiRoutes: readonly SurfaceRoute[] = [
  {
    method: 'POST',
    url: '/v1/chat/completions',
    errors: openAiErrors,
    read(body, naming) {
      const chat = readChatRequest(body)
      return chat.ok ? ok(chatSurface(chat.value, naming)) : chat
    },
  },
]
