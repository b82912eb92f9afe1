import type { Destination } from '#kernel/destination.ts'
import type { Language } from '#kernel/refusal-messages.ts'
import { vendorNotes } from '#providers/discover/list-vendors.ts'
import { defaultRules } from './default-rules.ts'
import { INITIAL_WORDS, type InitialWords } from './initial-words.ts'
import { CONFIGURED } from './policy-section.ts'
import { FileSchema } from './schema.ts'

/** What a first run found, to be written as rows that wait behind a `#`. */
export interface Findings {
  readonly destinations: readonly Destination[]
  /** By destination id: the variable that its key was found in. */
  readonly vendorVariables?: ReadonlyMap<string, string>
}

/** A policy that ships, as it is written. */
export interface ShippedProfile {
  readonly name: string
  readonly text: string
}

/** Text of a commented ecluse.yaml that means the same as no file at all; what was found is there, commented out. */
export function writeInitialConfig(
  found: Findings,
  language: Language,
  profile: ShippedProfile | null = null,
): string {
  const words = INITIAL_WORDS[language]
  const zero = FileSchema.parse({})
  const { engine, limits, retries } = zero
  const lines = [
    ...words.head.map(comment),
    '',
    comment(words.listen),
    `listen: ${zero.listen}`,
    `# hosts: [ai.example.org]  # ${words.hosts}`,
    `# tls: {cert: cert.pem, key: key.pem}  # ${words.tls}`,
    `# trusted_proxies: [10.0.0.1]  # ${words.proxies}`,
    '',
    ...(profile?.name === 'strict-eu'
      ? [`profile: strict-eu  # ${words.profile}`, comment(words.floor), '# floor: internal']
      : [`# profile: strict-eu  # ${words.profile}`, comment(words.floor), 'floor: public']),
    comment(words.jurisdictions),
    `jurisdictions: [${zero.jurisdictions.join(', ')}]`,
    '',
    comment(words.discover),
    `discover: ${zero.discover}`,
    ...words.destinations.map(comment),
    'destinations:',
    ...destinationLines(found, words),
    '',
    comment(words.engine),
    'engine:',
    `  enabled: ${engine.enabled}`,
    `  model: ${quoted(engine.model)}`,
    `  context: ${engine.context}`,
    `  parallel: ${engine.parallel}`,
    `  queue: ${engine.queue}`,
    `  max_loaded: ${engine.max_loaded}`,
    `  # threads: 4  # ${words.threads}`,
    '',
    comment(words.limits),
    `limits: {body_bytes: ${limits.body_bytes}, depth: ${limits.depth}, drain_seconds: ${limits.drain_seconds}}`,
    '',
    ...words.retries.map(comment),
    `retries: {attempts: ${retries.attempts}, budget_percent: ${retries.budget_percent}}`,
    `# hedge: {percentile: 95}  # ${words.hedge}`,
    '',
    ...words.policy.map(comment),
    'policy:',
    ...(profile ? shippedLines(profile) : defaultLines()),
    '',
    `# classes: {rows: [{types: [EMAIL_ADDRESS], class: confidential}]}  # ${words.classes}`,
    '',
    comment(words.log),
    `log: {level: ${zero.log.level}}`,
    '',
    ...words.telemetry.map(comment),
    '# telemetry: {metrics_key: "${env:METRICS_KEY}", otlp_endpoint: "http://127.0.0.1:4318"}',
  ]
  return `${lines.join('\n')}\n`
}

const defaultLines = (): readonly string[] => [
  '  rules:',
  ...defaultRules([CONFIGURED]).flatMap(({ id, match, allow }) => [
    `    - id: ${id}`,
    `      match: {classes: [${match.classes.join(', ')}]}`,
    `      allow: {zones: [${allow.zones.join(', ')}]${places(allow.jurisdictions)}}`,
  ]),
]

/** A profile as a section of the file, its comments and sources with it. */
const shippedLines = ({ text }: ShippedProfile): readonly string[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => (line === '' ? '' : `  ${line}`))

const comment = (text: string): string => `# ${text}`

const places = (jurisdictions: readonly string[] | undefined): string =>
  jurisdictions ? `, jurisdictions: [${jurisdictions.join(', ')}]` : ''

/** Names of models come from other programs: quoted, on one line, whatever they hold. */
const quoted = (text: string): string =>
  JSON.stringify(text).replaceAll(
    /[\u007f-\u009f\u2028\u2029\ufeff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** Rows behind `# `, remarks behind `## `: taking away the first `# ` of each row line makes it count. */
function destinationLines(found: Findings, words: InitialWords): readonly string[] {
  const rows = found.destinations.filter(({ origin }) => origin !== 'embedded')
  if (rows.length === 0) return exampleRow(words)
  return rows.flatMap((destination) =>
    destination.origin === 'environment'
      ? vendorRow(destination, found, words)
      : serverRow(destination, words),
  )
}

const exampleRow = (words: InitialWords): readonly string[] => [
  `  ## ${words.example}`,
  '  # - id: cloud',
  '  #   url: https://host.example/v1',
  '  #   key: "${env:CLOUD_API_KEY}"',
  '  #   zone: managed',
  '  #   jurisdiction: FR',
  '  #   clearance: {class: internal}',
  '  #   models: [{name: m, upstream: m-latest}]',
  `  #   limits: {concurrent: 64, queue: 128}  # ${words.places}`,
]

const serverRow = (destination: Destination, words: InitialWords): readonly string[] => [
  `  ## ${words.found}`,
  ...addressLines(destination),
  `  #   clearance: {class: ${destination.clearance}}  # ${words.raise}`,
  ...modelLines(destination, words),
]

function vendorRow(destination: Destination, found: Findings, words: InitialWords) {
  const notes = vendorNotes(destination.id)
  const variable = found.vendorVariables?.get(destination.id) ?? notes?.keyVariable
  const terms = notes && words.terms(notes.retentionDays, notes.trains)
  return [
    `  ## ${[notes?.name, words.listed, terms].filter((part) => part !== undefined).join(' ')}`,
    ...addressLines(destination),
    ...(variable === undefined || variable === null ? [] : [`  #   key: "\${env:${variable}}"`]),
    `  #   clearance: {class: ${destination.clearance}}`,
    ...modelLines(destination, words),
  ]
}

const addressLines = ({ id, address, zone, jurisdiction }: Destination): readonly string[] => [
  `  # - id: ${quoted(id)}`,
  `  #   url: ${quoted(address.kind === 'url' ? address.baseUrl : address.path)}`,
  `  #   zone: ${zone}`,
  `  #   jurisdiction: ${quoted(jurisdiction)}`,
]

const modelLines = ({ models }: Destination, words: InitialWords): readonly string[] =>
  models.length === 0
    ? [`  #   models: [{name: MODEL}]  # ${words.nameModels}`]
    : [
        '  #   models:',
        ...models.flatMap(({ name, upstream, zone, contextTokens }) => [
          `  #     - name: ${quoted(name)}`,
          ...(upstream === name ? [] : [`  #       upstream: ${quoted(upstream)}`]),
          ...(zone === undefined ? [] : [`  #       zone: ${zone}`]),
          ...(contextTokens === undefined ? [] : [`  #       context: ${contextTokens}`]),
        ]),
      ]
