import { z } from 'zod'
import type { BillState } from '#models/bom/history.ts'
import type { Said } from '../terminal.ts'

/** One bill of the history, as the admin API tells of it. */
export const BillRow = z.looseObject({
  id: z.string(),
  at: z.number(),
  gateway: z.string(),
  actor: z.string(),
  digest: z.string(),
  components: z.number(),
  state: z.enum(['kept', 'let-go', 'missing', 'altered']),
})
export type BillRow = z.infer<typeof BillRow>

export const STATES: Readonly<Record<BillState, Said>> = {
  kept: { en: 'kept', fr: 'conservée' },
  'let-go': {
    en: 'older than 400 days, and another of its month stands for it',
    fr: 'plus de 400 jours, une autre de son mois la remplace',
  },
  missing: {
    en: 'MISSING: the ledger has it, the database does not',
    fr: 'ABSENTE : le registre la connaît, la base non',
  },
  altered: {
    en: 'ALTERED: what is kept is not what the ledger says',
    fr: 'ALTÉRÉE : ce qui est conservé n’est pas ce que dit le registre',
  },
}

/** `2026-06-30T09:00:00.000Z`, with the chain where it is not the usual one. */
export const billLine = ({ at, gateway }: BillRow): string =>
  `${new Date(at).toISOString()}${gateway === 'gateway' ? '' : ` (${gateway})`}`
