import type { Json } from '../bytes/strict-json.ts'

/** Every object inside a value, without recursion. */
export function* objectsIn(root: Json, step: () => void): Generator<ReadonlyMap<string, Json>> {
  const stack: Json[] = [root]
  for (let value = stack.pop(); value !== undefined; value = stack.pop()) {
    step()
    if (value instanceof Map) {
      const object: ReadonlyMap<string, Json> = value
      yield object
      for (const inner of object.values()) if (isContainer(inner)) stack.push(inner)
    } else if (Array.isArray(value)) {
      const items: readonly Json[] = value
      for (const inner of items) if (isContainer(inner)) stack.push(inner)
    }
  }
}

const isContainer = (value: Json): boolean => typeof value === 'object' && value !== null
