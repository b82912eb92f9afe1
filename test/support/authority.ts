import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const openssl = (...args: readonly string[]): void =>
  void execFileSync('openssl', args, { stdio: 'ignore' })

function hasOpenssl(): boolean {
  try {
    openssl('version')
    return true
  } catch {
    return false
  }
}

// oxlint-disable-next-line node/no-process-env -- in CI a missing tool is a failure, not a reason to skip
const isCi = process.env['CI'] === 'true'

/** Why no certificates can be made here; false where they can. */
export const noCertificates = (): string | false =>
  isCi || hasOpenssl() ? false : 'no openssl to make certificates'

/** An authority in this folder, and a certificate of it for one host alone. */
export function authority(folder: string, name: string, host = 'localhost') {
  const at = (file: string): string => join(folder, `${name}-${file}`)
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  openssl(
    'req',
    '-x509',
    ...key,
    '-days',
    '2',
    '-subj',
    `/CN=${name}`,
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.pem'),
  )
  openssl('req', ...key, '-subj', `/CN=${host}`, '-keyout', at('key.pem'), '-out', at('request'))
  writeFileSync(at('names'), `subjectAltName=DNS:${host}`)
  openssl(
    'x509',
    '-req',
    '-days',
    '2',
    '-in',
    at('request'),
    '-CA',
    at('ca.pem'),
    '-CAkey',
    at('ca.key'),
    '-CAcreateserial',
    '-extfile',
    at('names'),
    '-out',
    at('cert.pem'),
  )
  return {
    ca: at('ca.pem'),
    cert: readFileSync(at('cert.pem'), 'utf8'),
    key: readFileSync(at('key.pem'), 'utf8'),
  }
}
