import { resolve } from 'node:path'
import type { DataClass } from '#kernel/label.ts'
import { isLoopback, parseListen } from './listen-address.ts'
import type { Overrides } from './overrides.ts'
import type { Reading } from './reading.ts'
import { FileSchema } from './schema.ts'
import { exposure } from './secret-references.ts'
import { Secret } from './secret.ts'
import type { TlsSettings } from './types.ts'

/** Certificate and key, read at once so that a wrong path is told before anything listens; null without `tls`. */
export function readTls({ file, readFile, location, complain }: Reading): TlsSettings | null {
  const parsed = FileSchema.shape.tls.safeParse(file.value['tls'])
  if (!parsed.success || parsed.data === undefined) return null
  const read = (name: 'cert' | 'key', path: string): string => {
    const content = readFile(path)
    const text = content.ok ? new TextDecoder().decode(content.value.bytes) : ''
    if (!text.includes('-----BEGIN ')) {
      complain({ code: 'tls-file-unreadable', path: ['tls', name] })
    }
    const exposed = content.ok && name === 'key' ? exposure(content.value) : undefined
    if (exposed) complain({ ...exposed, path: ['tls', name] })
    return text
  }
  const certPath = resolve(location.folder, parsed.data.cert)
  const keyPath = resolve(location.folder, parsed.data.key)
  const cert = read('cert', certPath)
  return { certPath, keyPath, cert, key: new Secret(read('key', keyPath)) }
}

/** Keys and texts in clear on a network need somebody's decision: a certificate, or a proxy that has one. */
export function checkListen({ file, problems, complain }: Reading, { listen }: Overrides): void {
  const { shape } = FileSchema
  const fromFile = shape.listen.safeParse(file.value['listen'])
  const text = listen?.value ?? fromFile.data
  const address = text === undefined ? undefined : parseListen(text)
  if (address === undefined || isLoopback(address.host)) return
  const proxies = shape.trusted_proxies.safeParse(file.value['trusted_proxies'])
  if (file.value['tls'] !== undefined || !proxies.success || proxies.data.length > 0) return
  if (listen) problems.push({ code: 'exposed-listen', path: listen.source })
  else complain({ code: 'exposed-listen', path: ['listen'] })
}

/** The floor that holds, which a profile may raise; a floor below it is a contradiction. */
export function checkFloor({ file, problems, complain }: Reading, overrides: Overrides): DataClass {
  const { shape } = FileSchema
  const profile = overrides.profile?.value ?? shape.profile.safeParse(file.value['profile']).data
  const floor = overrides.floor?.value ?? shape.floor.safeParse(file.value['floor']).data
  if (profile === 'strict-eu' && floor === 'public') {
    if (overrides.floor) problems.push({ code: 'floor-below-profile', path: '--floor' })
    else complain({ code: 'floor-below-profile', path: ['floor'] })
  }
  return floor ?? (profile === 'strict-eu' ? 'internal' : 'public')
}
