import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

/** One npm package that this program is made of. */
export interface OwnPackage {
  readonly name: string
  readonly version: string
  readonly licence: string | null
  /** SHA-512 of its tarball in hexadecimal; null where the installation does not say. */
  readonly sha512: string | null
  /** Names with versions of what it needs, as installed: `name@version`. */
  readonly needs: readonly string[]
}

export interface OwnPackages {
  readonly product: OwnPackage
  readonly packages: readonly OwnPackage[]
}

const Names = z.record(z.string(), z.string()).catch({})
const Manifest = z.looseObject({
  name: z.string(),
  version: z.string(),
  license: z.unknown(),
  dependencies: Names,
  optionalDependencies: Names,
})
type Manifest = z.infer<typeof Manifest>

const Lock = z.looseObject({
  packages: z.record(z.string(), z.looseObject({ integrity: z.string().optional() })),
})

/** Most packages that are followed; there are some 150. */
const MOST = 5_000

/** The program and every package that it needs, as they are installed here; null when its own manifest is not found. */
export function ownPackages(from = import.meta.url): OwnPackages | null {
  const root = rootOf(dirname(fileURLToPath(from)))
  const manifest = root === null ? null : manifestAt(root)
  if (root === null || manifest === null) return null
  const integrity = integrityOf(root)
  const found = new Map<string, OwnPackage>()
  const waiting = [{ folder: root, manifest }]
  let product: OwnPackage | null = null
  for (let next = waiting.pop(); next !== undefined && found.size < MOST; next = waiting.pop()) {
    const needed = neededBy(next.folder, next.manifest)
    const one = packageOf(next.manifest, needed, integrity.get(next.folder) ?? null)
    if (product === null) product = one
    else found.set(nameOf(one), one)
    for (const below of needed) if (!found.has(nameOf(below.manifest))) waiting.push(below)
  }
  const packages = [...found.values()].toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
  return product && { product, packages }
}

const nameOf = ({ name, version }: { readonly name: string; readonly version: string }): string =>
  `${name}@${version}`

function rootOf(folder: string): string | null {
  for (let here = folder; ; here = dirname(here)) {
    if (manifestAt(here)?.name === 'ecluse') return here
    if (dirname(here) === here) return null
  }
}

function manifestAt(folder: string): Manifest | null {
  try {
    return Manifest.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')))
  } catch {
    return null
  }
}

interface Installed {
  readonly folder: string
  readonly manifest: Manifest
}

/** As Node finds packages: in the nearest `node_modules` on the way up. What is optional and not there is left out. */
function neededBy(folder: string, manifest: Manifest): readonly Installed[] {
  const names = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })
  return names.flatMap((name) => {
    for (let here = folder; ; here = dirname(here)) {
      const there = join(here, 'node_modules', name)
      const found = existsSync(there) ? manifestAt(there) : null
      if (found !== null) return [{ folder: there, manifest: found }]
      if (dirname(here) === here) return []
    }
  })
}

const packageOf = (
  { name, version, license }: Manifest,
  needed: readonly Installed[],
  integrity: string | null,
): OwnPackage => ({
  name,
  version,
  licence: typeof license === 'string' ? license : null,
  sha512: integrity?.startsWith('sha512-')
    ? Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex')
    : null,
  needs: [...new Set(needed.map((one) => nameOf(one.manifest)))].toSorted(),
})

/** Digests of tarballs by folder, from the lock file that npm leaves beside what it installed. */
function integrityOf(root: string): ReadonlyMap<string, string> {
  for (const base of [root, dirname(dirname(root))]) {
    try {
      const path = join(base, 'node_modules', '.package-lock.json')
      const { packages } = Lock.parse(JSON.parse(readFileSync(path, 'utf8')))
      return new Map(
        Object.entries(packages).flatMap(([folder, { integrity }]) =>
          integrity === undefined ? [] : [[join(base, folder), integrity] as const],
        ),
      )
    } catch {
      // installed otherwise: there are no digests then
    }
  }
  return new Map()
}
