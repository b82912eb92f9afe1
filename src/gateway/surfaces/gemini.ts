import { ok } from '#kernel/result.ts'
import { readGeminiRequest } from '#protocols/gemini/request.ts'
import { geminiSurface } from '#protocols/gemini/surface.ts'
import { readTarget } from '#protocols/gemini/target.ts'
import type { DataHouse } from '../ports.ts'
import { geminiErrors } from './gemini-errors.ts'
import type { SurfaceRoute } from './surface-route.ts'

/** The Gemini surface; model and method stand in the path. */
export const geminiRoutes: readonly SurfaceRoute[] = [
  {
    method: 'POST',
    url: '/v1beta/models/*',
    errors: geminiErrors,
    read(body, naming, request) {
      const target = readTarget(restOfPath(request.params), request.query)
      if (!target.ok) return target
      const read = readGeminiRequest(target.value, body)
      return read.ok ? ok(geminiSurface(read.value, naming.id)) : read
    },
  },
]

/** What the `*` of the route stands for, decoded. */
function restOfPath(params: unknown): string {
  const rest = typeof params === 'object' && params !== null && '*' in params ? params['*'] : ''
  return typeof rest === 'string' ? rest : ''
}

/** A model as the Gemini API lists it. */
export interface GeminiModel {
  /** `models/NAME`. */
  readonly name: string
  readonly version: string
  readonly displayName: string
  /** Tokens of prompt and answer together; absent where it is not known. */
  readonly inputTokenLimit?: number
  readonly supportedGenerationMethods: readonly string[]
}

/** `GET /v1beta/models`: `auto`, then every model of the destinations that are not disabled, once by name. */
export function geminiModelList({ gate }: Pick<DataHouse, 'gate'>): {
  readonly models: readonly GeminiModel[]
} {
  const usable = gate
    .catalogue()
    .destinations.filter(({ state }) => state === 'enabled' || state === 'discovered')
  const rows = new Map<string, GeminiModel>()
  const add = (name: string, methods: readonly string[], contextTokens?: number): void => {
    if (rows.has(name)) return
    rows.set(name, {
      name: `models/${name}`,
      version: '1',
      displayName: name,
      ...(contextTokens === undefined ? {} : { inputTokenLimit: contextTokens }),
      supportedGenerationMethods: methods,
    })
  }
  if (usable.length > 0) add('auto', GENERATE)
  for (const { dialect, models } of usable) {
    const methods = dialect === 'gemini' ? [...GENERATE, 'countTokens'] : GENERATE
    for (const model of models) add(model.name, methods, model.contextTokens)
  }
  return { models: [...rows.values()] }
}

const GENERATE = ['generateContent', 'streamGenerateContent'] as const
