import { configJsonSchema } from './schema.ts'
import type { ConfigPath } from './problems.ts'

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

let root: unknown = null

/** Made when a key is asked for: a configuration without a mistake never does. */
function schemaRoot(): unknown {
  root ??= configJsonSchema()
  return root
}

/** The keys that the mapping at a path may have; empty where there is no mapping. */
export function knownKeys(path: ConfigPath): readonly string[] {
  let schema = schemaRoot()
  for (const step of path) {
    if (!isRecord(schema)) return []
    const properties = isRecord(schema['properties']) ? schema['properties'] : {}
    schema = typeof step === 'number' ? schema['items'] : properties[step]
  }
  return isRecord(schema) && isRecord(schema['properties']) ? Object.keys(schema['properties']) : []
}

/** Every mapping of the configuration by path (a list stands for its first entry), with its keys. */
export function everyMapping(): readonly { path: ConfigPath; keys: readonly string[] }[] {
  const found: { path: ConfigPath; keys: readonly string[] }[] = []
  const walk = (schema: unknown, path: ConfigPath): void => {
    if (!isRecord(schema)) return
    if (isRecord(schema['properties'])) {
      found.push({ path, keys: Object.keys(schema['properties']) })
      for (const [key, child] of Object.entries(schema['properties'])) walk(child, [...path, key])
    }
    walk(schema['items'], [...path, 0])
  }
  walk(schemaRoot(), [])
  return found
}
