import type { Language } from '#kernel/refusal-messages.ts'
import { given } from './locate.ts'
import type { Environment } from './types.ts'

/** What the terminal and the machine say about how to speak; known even when the configuration is refused. */
export interface Surroundings {
  readonly language: Language
  /** False when NO_COLOR is set (no-color.org). */
  readonly color: boolean
  /** Nobody is watching: no progress bars, no questions. */
  readonly ci: boolean
}

/** Reads LC_ALL, LC_MESSAGES and LANG in the order of POSIX, NO_COLOR and CI. */
export function readSurroundings(env: Environment): Surroundings {
  const locale = given(env['LC_ALL']) ?? given(env['LC_MESSAGES']) ?? given(env['LANG']) ?? ''
  const ci = given(env['CI'])?.toLowerCase()
  return {
    language: /^fr(?![a-z])/i.test(locale.trim()) ? 'fr' : 'en',
    color: (env['NO_COLOR'] ?? '') === '',
    ci: ci !== undefined && ci !== 'false' && ci !== '0',
  }
}

/** Variables that programs need to run at all, to reach a network and to be allowed on it; keys are not among them. */
const PASSED_ON = (
  'PATH HOME TMPDIR TEMP TMP LANG LC_ALL LC_MESSAGES TZ NO_COLOR CI SystemRoot USERPROFILE APPDATA ' +
  'LOCALAPPDATA LD_LIBRARY_PATH XDG_CACHE_HOME XDG_RUNTIME_DIR CUDA_VISIBLE_DEVICES HIP_VISIBLE_DEVICES ' +
  'VIRTUAL_ENV PYENV_ROOT PYENV_VERSION PIP_CERT PIP_CONFIG_FILE PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_FIND_LINKS ' +
  'PIP_DEFAULT_TIMEOUT PIP_NO_INDEX PIP_TRUSTED_HOST HTTP_PROXY HTTPS_PROXY NO_PROXY ALL_PROXY http_proxy https_proxy ' +
  'no_proxy SSL_CERT_FILE SSL_CERT_DIR NODE_EXTRA_CA_CERTS'
).split(' ')

/** The environment for processes we start: none of the caller's keys. */
export const childEnvironment = (env: Environment): Readonly<Record<string, string>> =>
  Object.fromEntries(
    PASSED_ON.flatMap((name) => {
      const value = env[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
