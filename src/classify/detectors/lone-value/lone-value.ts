import type { Detector } from '../../scan/detector.ts'
import { findAlone, type LoneRule } from '../../scan/find-alone.ts'
import { DEVICE_RULES } from '../device/device.ts'
import { AFRICA_RULES } from '../identity-africa/identity-africa.ts'
import { AU_RULES } from '../identity-au/identity-au.ts'
import { BR_RULES } from '../identity-br/identity-br.ts'
import { CA_RULES } from '../identity-ca/identity-ca.ts'
import { IN_RULES } from '../identity-in/identity-in.ts'
import { KR_RULES } from '../identity-kr/identity-kr.ts'
import { MX_RULES } from '../identity-mx/identity-mx.ts'
import { PH_RULES } from '../identity-ph/identity-ph.ts'
import { SG_RULES } from '../identity-sg/identity-sg.ts'
import { TH_RULES } from '../identity-th/identity-th.ts'
import { TR_RULES } from '../identity-tr/identity-tr.ts'
import { US_RULES } from '../identity-us/identity-us.ts'
import { ZA_RULES } from '../identity-za/identity-za.ts'

const RULES: readonly LoneRule[] = [
  ...US_RULES,
  ...CA_RULES,
  ...BR_RULES,
  ...MX_RULES,
  ...AU_RULES,
  ...IN_RULES,
  ...ZA_RULES,
  ...SG_RULES,
  ...KR_RULES,
  ...TR_RULES,
  ...TH_RULES,
  ...PH_RULES,
  ...AFRICA_RULES,
  ...DEVICE_RULES,
].filter(({ alone }) => alone !== undefined)

/** A text that is one identifier and nothing else: a cell of a table, a field of a form. What it could be is told for each type, at low confidence where no rare check speaks. */
export const loneValue: Detector = {
  id: 'lone-value',
  acrossParts: false,
  literals: [],
  find(scan, found) {
    findAlone(scan, RULES, found)
  },
}
