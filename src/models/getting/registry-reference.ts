/** An artefact of a registry: address, name, and a tag or digest. */
export interface RegistryReference {
  /** Where its API is. */
  readonly registry: string
  /** The host as people write it. */
  readonly host: string
  readonly name: string
  readonly reference: string
}

/** Docker Hub is written one way and found at another (distribution/reference, normalize.go). */
const DOCKER_HUB = { host: 'docker.io', registry: 'https://registry-1.docker.io' } as const
const DOCKER_HOSTS: ReadonlySet<string> = new Set([
  'docker.io',
  'index.docker.io',
  'registry-1.docker.io',
])

/** `HOST/NAME:TAG` or `HOST/NAME@sha256:HEX`; without a host that looks like one, a name of Docker Hub. Null when it is neither. */
export function readRegistryReference(text: string): RegistryReference | null {
  const match =
    /^(?:([a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d{1,5})?|localhost(?::\d{1,5})?|[a-z0-9-]+:\d{1,5}|\[::1\]:\d{1,5})\/)?([a-z0-9]+(?:[._/-]+[a-z0-9]+)*)(?::([\w][\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(
      text,
    )
  const [, host = DOCKER_HUB.host, name, tag, digest] = match ?? []
  // names beyond are refused by registries
  if (name === undefined || name.length > 255) return null
  const reference = digest ?? tag ?? 'latest'
  if (DOCKER_HOSTS.has(host))
    return { ...DOCKER_HUB, name: name.includes('/') ? name : `library/${name}`, reference }
  const isHere = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::|$)/.test(host)
  return { registry: `${isHere ? 'http' : 'https'}://${host}`, host, name, reference }
}

/** A model of the Ollama library: `NAME`, `NAME:TAG` or `OWNER/NAME:TAG`, with the address of its registry or without; null when it is none. */
export function readOllamaReference(text: string, registry: string): RegistryReference | null {
  const { host } = new URL(registry)
  const plain = text.startsWith(`${host}/`) ? text.slice(host.length + 1) : text
  const match = /^((?:[a-z0-9][\w.-]{0,79}\/)?[a-z0-9][\w.-]{0,79})(?::([\w][\w.-]{0,79}))?$/i.exec(
    plain,
  )
  const [, name, tag = 'latest'] = match ?? []
  if (name === undefined) return null
  return { registry, host, name: name.includes('/') ? name : `library/${name}`, reference: tag }
}
