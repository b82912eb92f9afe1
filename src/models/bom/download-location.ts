import { readRegistryReference } from '../getting/registry-reference.ts'
import type { Manifest } from '../store/manifest.ts'

/** A repository of Hugging Face at a commit, with the file where it is one: `owner/name@commit:file`. */
const HUB = /^([\w.-]+\/[\w.-]+)@([0-9a-f]{40})(?::(.+))?$/

/** The repository of Hugging Face that weights came from, pinned to a commit; null elsewhere. */
export function hubOrigin({ source: { reference } }: Pick<Manifest, 'source'>): {
  readonly repository: string
  readonly commit: string
} | null {
  const [, repository, commit] =
    HUB.exec(reference) ??
    /huggingface\.co\/([^/\s]+\/[^/\s]+)\/resolve\/([0-9a-f]{40})\//.exec(reference) ??
    []
  return repository === undefined || commit === undefined ? null : { repository, commit }
}

/**
 * Where the very same weights can be had again, as a URI: an address, the manifest of a registry by its digest, or the
 * package URL of a Python package. Null for what came from a file or a store of this machine: nobody says whence.
 */
export function downloadLocation({ source }: Pick<Manifest, 'source'>): string | null {
  const { kind, reference } = source
  if (/^https:\/\/\S+$/.test(reference)) return reference
  const [, repository, commit, file] = HUB.exec(reference) ?? []
  if (repository !== undefined && (kind === 'hugging-face' || kind === 'bundle')) {
    const path = file?.split('/').map(encodeURIComponent).join('/')
    const place = path === undefined ? `tree/${commit}` : `resolve/${commit}/${path}`
    return `https://huggingface.co/${repository}/${place}`
  }
  if (kind === 'oci' || kind === 'ollama-registry') {
    const read = readRegistryReference(reference)
    return read && `${read.registry}/v2/${read.name}/manifests/${read.reference}`
  }
  const [, name, version] = /^([\w.-]+)==([\w.!+-]+)$/.exec(reference) ?? []
  return kind === 'python-package' && name !== undefined && version !== undefined
    ? `pkg:pypi/${name.toLowerCase().replaceAll(/[-_.]+/g, '-')}@${encodeURIComponent(version)}`
    : null
}
