import { parse } from 'yaml'
import { err, ok, type Result } from '#kernel/result.ts'
import { shippedLicences } from '../licences/licence.ts'
import {
  MOT_COMPONENTS,
  OSAI_CRITERIA,
  type IndexRow,
  type MotRow,
  type OsaiRow,
} from './index-file.ts'

/** Why a file is no row; `field` is the name of a key that the format has, never a value. */
export interface IndexFileProblem {
  readonly code: 'not-yaml' | 'not-an-index' | 'no-name' | 'criterion-missing'
  readonly field: string | null
}

type Fields = Readonly<Record<string, unknown>>
type Read<T> = Result<T, IndexFileProblem>

const LONGEST = 200
const LETTERS: Readonly<Record<string, string>> = { open: 'o', partial: 'p', closed: 'c' }

/** One model, as the European Open Source AI Index or the Model Openness Tool write it. `stem`: the file's name without its ending. */
export function readIndexFile(text: string, stem: string): Read<IndexRow> {
  let document: unknown
  try {
    document = parse(text, { maxAliasCount: 0, schema: 'failsafe', logLevel: 'error' })
  } catch {
    return problem('not-yaml')
  }
  const fields = fieldsOf(document)
  if (fieldsOf(fields['release'])['components'] !== undefined) return readMot(fields, stem)
  if (fields['system'] !== undefined) return readOsai(fields, stem)
  return problem('not-an-index')
}

function readOsai(fields: Fields, stem: string): Read<OsaiRow> {
  const system = fieldsOf(fields['system'])
  const name = textOf(system['name'])
  if (name === null) return problem('no-name', 'system.name')
  let values = ''
  for (const criterion of OSAI_CRITERIA) {
    const letter = LETTERS[textOf(fieldsOf(fields[criterion])['class'])?.toLowerCase() ?? '']
    if (letter === undefined) return problem('criterion-missing', `${criterion}.class`)
    values += letter
  }
  return ok({
    id: `osai:${stem}`,
    name,
    developer: textOf(fieldsOf(fields['org'])['name']),
    licence: textOf(system['endmodellicense']),
    base: textOf(system['basemodelname']),
    end: textOf(system['endmodelname']),
    release: textOf(system['releasedate']),
    values,
    link: linkOf(system['link']),
  })
}

function readMot(fields: Fields, stem: string): Read<MotRow> {
  const release = fieldsOf(fields['release'])
  const name = textOf(release['name'])
  if (name === null) return problem('no-name', 'release.name')
  const { components } = release
  if (!Array.isArray(components)) return problem('criterion-missing', 'release.components')
  const listed = new Map<string, Fields>()
  for (const component of components.map(fieldsOf)) {
    const of = textOf(component['name'])
    if (of !== null) listed.set(of.toLowerCase(), component)
  }
  const licences = fieldsOf(release['license'])
  const values = MOT_COMPONENTS.map((one) =>
    letterOf(listed.get(one.toLowerCase()), licenceOfType(licences, one)),
  ).join('')
  return ok({
    id: `mot:${stem}`,
    name,
    developer: textOf(release['producer']),
    licence:
      nameOf(licences['distribution']) ?? licenceOfType(licences, 'Model parameters (Final)'),
    values,
    link: linkOf(release['huggingface']) ?? linkOf(release['repository']),
  })
}

function letterOf(component: Fields | undefined, inherited: string | null): 'o' | 'u' | '-' {
  if (component === undefined) return '-'
  const own = textOf(component['license_name']) ?? nameOf(component['license'])
  if (own !== null && /not included/i.test(own)) return '-'
  return isOpenLicence(own ?? inherited) ? 'o' : 'u'
}

/** The licence that a kind of component has where it names none itself. */
function licenceOfType(licences: Fields, component: string): string | null {
  const type = /code|libraries|architecture/i.test(component)
    ? 'code'
    : /parameters|data(?!.*card)|outputs|metadata/i.test(component)
      ? 'data'
      : 'document'
  return nameOf(licences[type]) ?? nameOf(licences['distribution'])
}

const isOpenLicence = (name: string | null): boolean =>
  name !== null && openLicences().has(name.toLowerCase())

let open: ReadonlySet<string> | undefined
/** Names of open licences, as SPDX and as the data file has them. */
const openLicences = (): ReadonlySet<string> =>
  (open ??= new Set(
    shippedLicences()
      .filter(({ letter }) => letter === 'O')
      .flatMap(({ id, spdx, name }) => [id, name, ...(spdx === null ? [] : [spdx])])
      .map((one) => one.toLowerCase()),
  ))

const problem = (code: IndexFileProblem['code'], field: string | null = null): Read<never> =>
  err({ code, field })

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {} // every use checks its field

const nameOf = (value: unknown): string | null => textOf(value) ?? textOf(fieldsOf(value)['name'])

const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, LONGEST) : null

/** The first address of one or many. */
function linkOf(value: unknown): string | null {
  const text = textOf(Array.isArray(value) ? value[0] : value)
  return text !== null && /^https?:\/\//.test(text) ? text : null
}
