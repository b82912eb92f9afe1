import { z } from 'zod'
import { ZONES } from '#kernel/destination.ts'
import table from './vendors.json' with { type: 'json' }

const Day = z.string().regex(/^\d{4}-\d\d(-\d\d)?$/)
const Basis = z.enum(['read', 'recalled'])
const Status = z.enum(['read', 'partly', 'implied', 'weak', 'unknown'])
const VariableName = z.string().regex(/^[A-Z][A-Z0-9_]+$/)
const Variable = z.strictObject({ name: VariableName, basis: Basis })

const Field = z.string().regex(/^[a-z_]+$/)
const QuirksRow = z.strictObject({
  rename: z.record(Field, Field).exactOptional(),
  refuse: z.array(Field).min(1).exactOptional(),
  drop: z.array(Field).min(1).exactOptional(),
  dropFromMessages: z.array(Field).min(1).exactOptional(),
  oneChoice: z.literal(true).exactOptional(),
  usageUnasked: z.literal(true).exactOptional(),
})

/** One kind of server or vendor that speaks the OpenAI chat dialect. Null and `unknown` mean not found, never no. */
const VendorRow = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
  name: z.string().min(1),
  kind: z.enum(['local', 'hosted', 'dedicated', 'router', 'cloud']),
  /** With braces: has to be completed by whoever uses it. */
  baseUrl: z.string().regex(/^https?:\/\//),
  auth: z.strictObject({
    scheme: z.enum(['bearer', 'api-key', 'none']),
    header: z.string().optional(),
    optional: z.literal(true).optional(),
  }),
  keyVariable: Variable.extend({ also: z.array(Variable).min(1).optional() }).nullable(),
  localPort: z.int().min(1).max(65_535).optional(),
  /** The OpenAI dialect is a second, partial surface of this vendor. */
  compatibilityLayer: z.literal(true).optional(),
  zone: z.enum(ZONES),
  jurisdiction: z.strictObject({
    operator: z.string().length(2).nullable(),
    /** The one country that processing is known to be in. */
    country: z.union([z.string().regex(/^[A-Z]{2}$/), z.enum(['local', 'unknown'])]),
    processing: z.string().min(1),
    euEndpoint: z.string().min(1).optional(),
  }),
  retention: z.strictObject({
    /** Null: no figure was found, which is not zero. */
    days: z.int().min(0).nullable(),
    default: z.string().min(1),
    zeroRetention: z.string().min(1),
    status: Status,
    source: z.string().nullable(),
    date: Day.nullable(),
    conflict: z.union([z.literal(true), z.string()]).optional(),
  }),
  training: z.strictObject({
    byDefault: z.boolean().nullable(),
    note: z.string().optional(),
    status: Status,
    source: z.string().nullable(),
    date: Day.nullable(),
  }),
  /** What its chat surface says otherwise; from the parameter lists of its own pages. */
  quirks: QuirksRow.optional(),
  sources: z.array(z.string()).min(1),
  retrieved: Day,
})
export type VendorRow = z.infer<typeof VendorRow>

/** The shape of vendors.json. */
export const VendorTable = z.strictObject({
  schema: z.literal('ecluse-vendors/1'),
  generated: Day,
  readMe: z.string(),
  sources: z.record(
    z.string(),
    z.strictObject({
      name: z.string().min(1),
      url: z.url().nullable(),
      date: Day.nullable(),
      retrieved: Day,
    }),
  ),
  vendors: z.array(VendorRow),
})

/** The servers and vendors that are known, as data with sources. */
export const VENDORS: readonly VendorRow[] = VendorTable.parse(table).vendors

/** Whether the address is complete, not a pattern with braces. */
export const hasAddress = (vendor: VendorRow): boolean => !vendor.baseUrl.includes('{')

/** Variables that usually hold a vendor's key, the most usual first. */
export const keyVariables = ({ keyVariable }: VendorRow): readonly string[] =>
  keyVariable === null
    ? []
    : [keyVariable.name, ...(keyVariable.also ?? []).map(({ name }) => name)]
