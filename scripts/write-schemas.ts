// Writes the JSON Schemas of the two files that people write: node scripts/write-schemas.ts
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { policyJsonSchema } from '../src/config/policy-document.ts'
import { configJsonSchema } from '../src/config/schema.ts'

const schemas = {
  'ecluse.schema.json': configJsonSchema(),
  'ecluse-policy.schema.json': policyJsonSchema(),
}
for (const [name, schema] of Object.entries(schemas)) {
  writeFileSync(join(import.meta.dirname, '..', name), JSON.stringify(schema))
}
