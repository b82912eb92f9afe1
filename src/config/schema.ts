import { Company } from './company-section.ts'
import { z } from 'zod'
import { APIS, AUTHS, DIALECTS, ENGINE_NAMES, ZONES } from '#kernel/destination.ts'
import { CATEGORIES, CLASSES } from '#kernel/label.ts'
import { Alerts, BudgetRow, Prices } from './budget-schema.ts'
import { Classes } from './classes-section.ts'
import { CacheSection } from './cache-schema.ts'
import { ContentSection, EvidenceSection } from './evidence-schema.ts'
import { isCountry, isJurisdiction } from './jurisdictions.ts'
import { isAddressBlock, isHostName, parseListen } from './listen-address.ts'
import { Quotas } from './quotas-section.ts'
import { Breaker, Count, DestinationLimits, Hedge, Retries, Timeouts } from './resilience-schema.ts'
import { ModelsSection } from './models-section.ts'
import { PolicySection } from './policy-section.ts'
import { formatted, Identifier, OneLine } from './schema-formats.ts'
import { SignIn, TokenIssuerRow } from './sign-in-schema.ts'
import { LOG_LEVELS, PROFILES } from './types.ts'

const DestinationUrl = formatted('http-url', (text) => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const web = url?.protocol === 'http:' || url?.protocol === 'https:'
  return web && url.search === '' && url.hash === '' && !/[{}\s]/.test(text)
})

const Jurisdiction = formatted('jurisdiction', isJurisdiction)

const Price = z
  .strictObject({
    input: z.number().min(0).describe('Euro per million tokens of prompt.'),
    output: z.number().min(0).describe('Euro per million tokens of answer.'),
  })
  .describe('List price, in euro per million tokens. Absent: unknown, which is not free.')

const Model = z.strictObject({
  name: OneLine.describe('The name callers use.'),
  upstream: OneLine.optional().describe('The name the destination knows it by; same by default.'),
  zone: z.enum(ZONES).optional().describe("Overrides the destination's zone."),
  price: Price.optional(),
  tokens_per_second: z.number().positive().optional().describe('Measured speed of one answer.'),
  licence: OneLine.optional().describe('SPDX identifier, or an id of your own.'),
  openness: z.int().min(1).max(6).optional().describe('From 1 (closed) to 6 (everything open).'),
  context: Count(100_000_000).optional().describe('Context length, in tokens.'),
  weights: z
    .enum(['verified', 'unverified'])
    .optional()
    .describe('verified: the weights that run there were checked against a digest or a signature.'),
  digest: formatted('digest', (text) => /^(?:sha256:)?[0-9a-f]{64}$/.test(text))
    .optional()
    .describe('SHA-256 of the weights that run there: what was decided about them counts.'),
  cvss: z
    .number()
    .min(0)
    .max(10)
    .optional()
    .describe('Highest CVSS base score of what is known against its engine; 0: looked, nothing.'),
  quality: z
    .number()
    .min(0)
    .max(100)
    .optional()
    .describe('By a measure of your own; more is better.'),
  energy: z.number().min(0).optional().describe('Watt-hours per million tokens of an answer.'),
})

/** One row of `destinations`. */
export const DestinationRow = z.strictObject({
  id: Identifier,
  enabled: z.boolean().default(true),
  dialect: z.enum(DIALECTS).default('openai').describe('Protocol that the destination speaks.'),
  auth: z
    .enum(AUTHS)
    .optional()
    .describe('How the key travels; what the dialect usually takes when absent.'),
  apis: z
    .array(z.enum(APIS))
    .optional()
    .describe('What a server of the OpenAI dialect serves itself beside chat.'),
  url: DestinationUrl.describe('Base address, such as https://host/v1.'),
  key: z.string().optional().describe('`${env:NAME}` or `${file:path}`; never the key itself.'),
  zone: z
    .enum(ZONES)
    .default('api')
    .describe('device: this machine; on-prem: your own; managed: an open-model platform; api.'),
  jurisdiction: formatted('country', (code) => isCountry(code) || isPlaceless(code))
    .optional()
    .describe('Country (ISO 3166-1) that the operator processes in; `local` for your own.'),
  clearance: z
    .strictObject({
      class: z.enum(CLASSES),
      never: z.array(z.enum(CATEGORIES)).min(1).optional().describe('Whatever the class.'),
    })
    .optional()
    .describe('Highest class it may see, public by default, and categories it never sees.'),
  terms: z
    .strictObject({
      retention_days: z.int().min(0).max(36_500).optional().describe('0: content is not kept.'),
      training: z.boolean().optional().describe('Whether content trains models.'),
      certifications: z.array(OneLine).min(1).optional(),
    })
    .optional()
    .describe('What its operator has promised, by contract; what is absent counts as the worst.'),
  engine: z
    .strictObject({
      name: z.enum(ENGINE_NAMES).describe('What serves the models there.'),
      version: OneLine.optional().describe('Where the server does not say it.'),
    })
    .optional()
    .describe('Engine and version, for what is known against it; otherwise the server is asked.'),
  models: z.array(Model).min(1),
  limits: DestinationLimits.optional().describe('How many requests it gets.'),
  timeouts: Timeouts.optional(),
  breaker: Breaker.optional().describe('When a model that fails is left alone for a while.'),
})
export type DestinationRow = z.infer<typeof DestinationRow>

const isPlaceless = (code: string): boolean => code === 'local' || code === 'unknown'

const Engine = z.strictObject({
  enabled: z.boolean().default(true),
  model: OneLine.default('smollm2-135m-instruct').describe('The model loaded first.'),
  context: Count(10_000_000).default(4096).describe('Tokens of context for each answer.'),
  parallel: Count(256).default(4).describe('Answers written at the same time.'),
  queue: z.int().min(0).max(100_000).default(32).describe('Requests that may wait.'),
  max_loaded: Count(64).default(1).describe('Models in memory at the same time.'),
  threads: Count(1024).optional().describe('Processor threads; chosen by the engine if absent.'),
})

const Limits = z.strictObject({
  body_bytes: z.int().min(1024).max(1_073_741_824).default(16_777_216),
  depth: z.int().min(8).max(1000).default(64).describe('Levels of nesting of a JSON body.'),
  drain_seconds: z
    .number()
    .min(0)
    .max(3600)
    .default(30)
    .describe('Time that open answers get when the gateway stops.'),
})

const Database = z
  .strictObject({
    url: z
      .string()
      .optional()
      .describe(
        '`${env:NAME}` or `${file:path}` of a postgresql:// address; never the address itself.',
      ),
    connections: Count(1000).default(10).describe('Connections of one gateway to the server.'),
    tls: z
      .strictObject({
        ca: OneLine.optional().describe('Authorities its certificate may come from.'),
        cert: OneLine.optional().describe('Certificate of this gateway.'),
        key: OneLine.optional(),
      })
      .optional()
      .describe('PEM files. A server beyond this machine is always asked for a certificate.'),
  })
  .optional()

const Telemetry = z.strictObject({
  metrics_key: z
    .string()
    .optional()
    .describe('Opens `/metrics` and nothing else: `${env:NAME}` or `${file:path}`.'),
  otlp_endpoint: DestinationUrl.optional().describe(
    'Base address of an OpenTelemetry collector (OTLP over HTTP); absent: nothing is sent.',
  ),
  otlp_headers: z
    .array(z.strictObject({ name: Identifier, value: z.string() }))
    .default([])
    .describe('Headers for it; a value is a reference, `Bearer` or `Basic` may stand before it.'),
  sample_ratio: z.number().min(0).max(1).default(1).describe('Share of requests that are traced.'),
  service_name: Identifier.default('ecluse').describe('How it calls itself there.'),
})
export type TelemetryRow = z.infer<typeof Telemetry>

/** The configuration file. Keys are refused when unknown; a missing key takes its default. */
export const FileSchema = z.strictObject({
  listen: formatted('host-port', (text) => parseListen(text) !== undefined)
    .default('127.0.0.1:4141')
    .describe('Address and port. Beyond this machine needs `tls` or `trusted_proxies`.'),
  hosts: z
    .array(formatted('host-name', (text) => isHostName(text.toLowerCase())))
    .default([])
    .describe('Host names it answers for, besides the address it listens on.'),
  tls: z
    .strictObject({ cert: OneLine, key: OneLine })
    .optional()
    .describe('PEM files, relative to this file.'),
  trusted_proxies: z
    .array(formatted('address-block', isAddressBlock))
    .default([])
    .describe('Addresses or CIDR blocks of the proxies in front.'),
  profile: z.enum(PROFILES).default('default').describe('strict-eu: no text is public.'),
  floor: z.enum(CLASSES).optional().describe('Class of a text in which nothing was found.'),
  jurisdictions: z
    .array(Jurisdiction)
    .min(1)
    .default(['EU'])
    .describe('Countries (ISO 3166-1), EU or EEA.'),
  destinations: z.array(DestinationRow).default([]),
  engine: Engine.prefault({}).describe('The embedded engine.'),
  discover: z
    .boolean()
    .default(true)
    .describe('Look for local model servers and for vendor keys in the environment.'),
  limits: Limits.prefault({}),
  retries: Retries.prefault({}).describe('How often a request is sent.'),
  hedge: Hedge.optional().describe(
    'Asks a second destination of the verdict when the first is late; never when absent.',
  ),
  quotas: Quotas.default([]).describe('How much everyone gets in a stretch of time.'),
  policy: PolicySection.prefault({}),
  classes: Classes.optional().describe('What findings mean; the default table when absent.'),
  prices: Prices.prefault({}).describe('What models cost and draw; absent is unknown, not free.'),
  budgets: z.array(BudgetRow).default([]).describe('What may be spent, by whom, in which period.'),
  alerts: Alerts.prefault({}).describe('Where thresholds of budgets are told.'),
  sign_in: SignIn.prefault({}).describe('How people sign in.'),
  jwt: z
    .array(TokenIssuerRow)
    .default([])
    .describe('Whose tokens callers may present instead of a key.'),
  database: Database.describe(
    'The PostgreSQL server that everything is kept on; a file in the data directory when absent.',
  ),
  evidence: EvidenceSection.prefault({}).describe(
    'How the ledger is signed, handed out and emptied.',
  ),
  content: ContentSection.prefault({}).describe(
    'Which texts may be kept, encrypted; none by default.',
  ),
  company: Company.optional().describe(
    'What the company says of itself, for the licences of models; what is absent is not known.',
  ),
  models: ModelsSection.prefault({}).describe('How weights are admitted and looked at again.'),
  cache: CacheSection.prefault({}).describe(
    'Answers that are given again to those who could have had them; none by default.',
  ),
  log: z.strictObject({ level: z.enum(LOG_LEVELS).default('info') }).prefault({}),
  telemetry: Telemetry.prefault({}).describe('What those who run it can watch.'),
})
export type FileConfig = z.infer<typeof FileSchema>

/** The JSON Schema of the configuration file, for editors (draft 7). */
export function configJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(FileSchema, { io: 'input', target: 'draft-7' })
  return { $schema, title: 'ecluse.yaml', ...schema }
}
