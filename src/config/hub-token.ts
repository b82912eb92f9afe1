import { join } from 'node:path'
import { given } from './locate.ts'
import type { Reading } from './reading.ts'
import { FileSchema } from './schema.ts'
import { secretAt } from './secret-at.ts'
import { checkedSecret } from './secret-references.ts'
import type { Secret } from './secret.ts'

/** The Hub itself: what its own tools leave on this machine is for no other place. */
const PUBLIC_HUB = 'https://huggingface.co'

/**
 * The token for private and gated repositories of the Hub: the one that the file names, else the one that the Hub's own
 * tools use (HF_TOKEN, then its token file). A mirror gets only what the file names.
 */
export function readHubToken(reading: Reading): Secret | null {
  const parsed = FileSchema.shape.models.safeParse(reading.file.value['models'] ?? {})
  if (!parsed.success) return null
  const { hub, hub_token: reference } = parsed.data
  if (reference !== undefined) return secretAt(reading, reference, ['models', 'hub_token'])
  const { env } = reading
  const isSwitchedOff = /^(?:1|on|yes|true)$/i.test(env['HF_HUB_DISABLE_IMPLICIT_TOKEN'] ?? '')
  if (new URL(hub).origin !== PUBLIC_HUB || isSwitchedOff) return null
  const variable = given(env['HF_TOKEN']) ?? given(env['HUGGING_FACE_HUB_TOKEN'])
  const text = variable ?? tokenFile(reading)
  const checked = text === null ? null : checkedSecret(text)
  return checked?.ok === true ? checked.value.secret : null
}

function tokenFile({ env, home, readFile }: Reading): string | null {
  const cache = given(env['XDG_CACHE_HOME']) ?? join(home, '.cache')
  const folder = given(env['HF_HOME']) ?? join(cache, 'huggingface')
  const read = readFile(given(env['HF_TOKEN_PATH']) ?? join(folder, 'token'))
  return read.ok ? new TextDecoder().decode(read.value.bytes) : null
}
