import { z } from 'zod'
import { resolveProduct } from '../products.ts'
import { plainText, type Origin, type Read } from '../record.ts'
import type { Justification, VexState, VexStatement } from '../vex.ts'
import { Text } from './fields.ts'

interface Component {
  readonly 'bom-ref'?: string | undefined
  readonly purl?: string | undefined
  readonly cpe?: string | undefined
  readonly version?: string | undefined
  readonly components?: readonly Component[] | undefined
}

const Component: z.ZodType<Component> = z.looseObject({
  'bom-ref': Text,
  purl: Text,
  cpe: Text,
  version: Text,
  components: z
    .array(z.lazy(() => Component))
    .optional()
    .catch(undefined),
})

const Vulnerability = z.looseObject({
  id: z.string(),
  references: z.array(z.looseObject({ id: z.string() })).catch([]),
  analysis: z
    .looseObject({
      state: Text,
      justification: Text,
      detail: Text,
      lastUpdated: Text,
      firstIssued: Text,
    })
    .optional()
    .catch(undefined),
  affects: z
    .array(
      z.looseObject({
        ref: z.string(),
        versions: z.array(z.looseObject({ version: Text, range: Text, status: Text })).optional(),
      }),
    )
    .catch([]),
})

/** What of a CycloneDX document speaks of vulnerabilities, 1.4 and later. */
const Bom = z.looseObject({
  bomFormat: z.literal('CycloneDX'),
  metadata: z
    .looseObject({ timestamp: Text, component: Component.optional().catch(undefined) })
    .optional()
    .catch(undefined),
  components: z.array(Component).catch([]),
  vulnerabilities: z.array(Vulnerability).catch([]),
})

export const isCycloneDx = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'bomFormat' in value

/** Deepest nesting of components that is looked at. */
const DEEPEST = 20

/** The analyses of a document about products that are known here; null when it is none. */
export function readCycloneDxVex(
  value: unknown,
  { source, retrieved }: Origin,
): Read<VexStatement> | null {
  const read = Bom.safeParse(value)
  if (!read.success) return null
  const { metadata, components, vulnerabilities } = read.data
  const known = new Map<string, Component>()
  gather([...(metadata?.component ? [metadata.component] : []), ...components], known, 0)
  const found: VexStatement[] = []
  let others = 0
  for (const { id, references, analysis, affects } of vulnerabilities) {
    const state = analysis?.state === undefined ? null : (STATES[analysis.state] ?? null)
    if (analysis === undefined || state === null) continue
    for (const { ref, versions } of affects) {
      const resolved = productOfRef(ref, known)
      if (resolved === null) {
        others += 1
        continue
      }
      const meant = versions === undefined ? [resolved.version] : versionsMeant(versions, state)
      others += Number(meant.length === 0)
      const said = meant.map((version) => ({
        schema: 'ecluse-vex/1' as const,
        vulnerabilities: [id, ...references.map((one) => one.id)],
        product: resolved.product.id,
        version,
        state,
        justification: JUSTIFIED[analysis.justification ?? ''] ?? null,
        statement: analysis.detail === undefined ? null : plainText(analysis.detail),
        author: null,
        timestamp: analysis.lastUpdated ?? analysis.firstIssued ?? metadata?.timestamp ?? retrieved,
        source,
      }))
      found.push(...said)
    }
  }
  return { found, others }
}

/** Single versions that a statement is about: of ranges nothing is said, and the ranges of the flaw itself decide. */
function versionsMeant(
  versions: readonly {
    readonly version?: string | undefined
    readonly status?: string | undefined
  }[],
  state: VexState,
): readonly string[] {
  const lifts = state === 'not_affected' || state === 'fixed'
  return versions.flatMap(({ version, status }) =>
    version === undefined || (lifts && status === 'affected') ? [] : [version],
  )
}

function gather(
  components: readonly Component[],
  into: Map<string, Component>,
  depth: number,
): void {
  if (depth > DEEPEST) return
  for (const component of components) {
    const ref = component['bom-ref']
    if (ref !== undefined) into.set(ref, component)
    gather(component.components ?? [], into, depth + 1)
  }
}

/** A reference is that of a component here, a BOM-Link to one elsewhere, or itself a package URL. */
function productOfRef(
  ref: string,
  known: ReadonlyMap<string, Component>,
): ReturnType<typeof resolveProduct> {
  const [, fragment] = ref.startsWith('urn:cdx:') ? ref.split('#') : [null, ref]
  const name = fragment === undefined ? ref : decoded(fragment)
  const component = known.get(name)
  const { purl = name, cpe } = component ?? {}
  const found =
    (purl.startsWith('pkg:') ? resolveProduct({ kind: 'purl', purl }) : null) ??
    (cpe === undefined ? null : resolveProduct({ kind: 'cpe', cpe }))
  return found && { product: found.product, version: found.version ?? component?.version ?? null }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Words of CycloneDX for the four states; false positives are not affected. */
const STATES: Readonly<Record<string, VexState>> = {
  resolved: 'fixed',
  resolved_with_pedigree: 'fixed',
  exploitable: 'affected',
  in_triage: 'under_investigation',
  false_positive: 'not_affected',
  not_affected: 'not_affected',
}

/** Its justifications, in the words of OpenVEX. */
const JUSTIFIED: Readonly<Record<string, Justification>> = {
  code_not_present: 'vulnerable_code_not_present',
  code_not_reachable: 'vulnerable_code_not_in_execute_path',
  requires_configuration: 'vulnerable_code_cannot_be_controlled_by_adversary',
  requires_dependency: 'component_not_present',
  requires_environment: 'vulnerable_code_cannot_be_controlled_by_adversary',
  protected_by_compiler: 'inline_mitigations_already_exist',
  protected_at_runtime: 'inline_mitigations_already_exist',
  protected_at_perimeter: 'inline_mitigations_already_exist',
  protected_by_mitigating_control: 'inline_mitigations_already_exist',
}
