import { CONTEXT_WORDS } from '../data/context-words.ts'
import { OWN_MARKS } from '../meaning/own-mark.ts'
import { ROLE_GROUP } from '../meaning/roles.ts'
import type { Detector } from '../scan/detector.ts'
import type { LiteralGroup } from '../scan/lexicon.ts'
import { address } from './address/address.ts'
import { assignedSecret } from './assigned-secret/assigned-secret.ts'
import { authorization } from './authorization/authorization.ts'
import { birth } from './birth/birth.ts'
import { card } from './card/card.ts'
import { company } from './company/company.ts'
import { companyFr } from './company-fr/company-fr.ts'
import { connection } from './connection/connection.ts'
import { email } from './email/email.ts'
import { health } from './health/health.ts'
import { iban } from './iban/iban.ts'
import { identityFr } from './identity-fr/identity-fr.ts'
import { identityWorld } from './identity-world/identity-world.ts'
import { jwt } from './jwt/jwt.ts'
import { marking } from './marking/marking.ts'
import { medicalCode } from './medical-code/medical-code.ts'
import { nir } from './nir/nir.ts'
import { password } from './password/password.ts'
import { person } from './person/person.ts'
import { personTable } from './person-table/person-table.ts'
import { phone } from './phone/phone.ts'
import { privateKey } from './private-key/private-key.ts'
import { rib } from './rib/rib.ts'
import { specialCategory } from './special-category/special-category.ts'
import { vendorToken } from './vendor-token/vendor-token.ts'

/** Every detector, in the order they run: names first, because the meaning of a sentence depends on them. */
export const DETECTORS: readonly Detector[] = [
  person,
  email,
  phone,
  iban,
  card,
  nir,
  companyFr,
  rib,
  identityFr,
  identityWorld,
  birth,
  address,
  privateKey,
  jwt,
  vendorToken,
  authorization,
  connection,
  password,
  assignedSecret,
  marking,
  health,
  medicalCode,
  specialCategory,
  company,
  personTable,
]

/** The literals of all detectors and of the context they share. */
export const literalGroups = (detectors: readonly Detector[]): readonly LiteralGroup[] => [
  ...CONTEXT_WORDS,
  ROLE_GROUP,
  OWN_MARKS,
  ...detectors.flatMap((detector) => detector.literals),
]
