import { CONTEXT_WORDS } from '../data/context-words.ts'
import { OWN_MARKS } from '../meaning/own-mark.ts'
import { ROLE_GROUP } from '../meaning/roles.ts'
import type { Detector } from '../scan/detector.ts'
import type { LiteralGroup } from '../scan/lexicon.ts'
import { address } from './address/address.ts'
import { administrationFr } from './administration-fr/administration-fr.ts'
import { assignedSecret } from './assigned-secret/assigned-secret.ts'
import { atlantic } from './atlantic/atlantic.ts'
import { authorization } from './authorization/authorization.ts'
import { benelux } from './benelux/benelux.ts'
import { biometric } from './biometric/biometric.ts'
import { birth } from './birth/birth.ts'
import { britain } from './britain/britain.ts'
import { cardSecret } from './card-secret/card-secret.ts'
import { card } from './card/card.ts'
import { centralEurope } from './central-europe/central-europe.ts'
import { commandPassword } from './command-password/command-password.ts'
import { companyFr } from './company-fr/company-fr.ts'
import { company } from './company/company.ts'
import { connection } from './connection/connection.ts'
import { credentialFile } from './credential-file/credential-file.ts'
import { crypto } from './crypto/crypto.ts'
import { diagnosisCode } from './diagnosis-code/diagnosis-code.ts'
import { device } from './device/device.ts'
import { email } from './email/email.ts'
import { germany } from './germany/germany.ts'
import { groupedNumber } from './grouped-number/grouped-number.ts'
import { health } from './health/health.ts'
import { iban } from './iban/iban.ts'
import { identityAfrica } from './identity-africa/identity-africa.ts'
import { identityAu } from './identity-au/identity-au.ts'
import { identityBr } from './identity-br/identity-br.ts'
import { identityCa } from './identity-ca/identity-ca.ts'
import { identityFr } from './identity-fr/identity-fr.ts'
import { identityIn } from './identity-in/identity-in.ts'
import { identityKr } from './identity-kr/identity-kr.ts'
import { identityMx } from './identity-mx/identity-mx.ts'
import { identityPh } from './identity-ph/identity-ph.ts'
import { identitySg } from './identity-sg/identity-sg.ts'
import { identityTh } from './identity-th/identity-th.ts'
import { identityTr } from './identity-tr/identity-tr.ts'
import { identityUs } from './identity-us/identity-us.ts'
import { identityZa } from './identity-za/identity-za.ts'
import { italy } from './italy/italy.ts'
import { jwk } from './jwk/jwk.ts'
import { jwt } from './jwt/jwt.ts'
import { kubernetesSecret } from './kubernetes-secret/kubernetes-secret.ts'
import { loginPair } from './login-pair/login-pair.ts'
import { loneValue } from './lone-value/lone-value.ts'
import { marking } from './marking/marking.ts'
import { medicalCode } from './medical-code/medical-code.ts'
import { medicalRecord } from './medical-record/medical-record.ts'
import { mrz } from './mrz/mrz.ts'
import { namedToken } from './named-token/named-token.ts'
import { networkAddress } from './network-address/network-address.ts'
import { nir } from './nir/nir.ts'
import { nordic } from './nordic/nordic.ts'
import { organisation } from './organisation/organisation.ts'
import { passport } from './passport/passport.ts'
import { password } from './password/password.ts'
import { personTable } from './person-table/person-table.ts'
import { person } from './person/person.ts'
import { personalUrl } from './personal-url/personal-url.ts'
import { phone } from './phone/phone.ts'
import { position } from './position/position.ts'
import { privateKey } from './private-key/private-key.ts'
import { productKey } from './product-key/product-key.ts'
import { rib } from './rib/rib.ts'
import { seedPhrase } from './seed-phrase/seed-phrase.ts'
import { spain } from './spain/spain.ts'
import { specialCategory } from './special-category/special-category.ts'
import { switzerland } from './switzerland/switzerland.ts'
import { vat } from './vat/vat.ts'
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
  administrationFr,
  vat,
  germany,
  spain,
  italy,
  benelux,
  switzerland,
  centralEurope,
  nordic,
  atlantic,
  britain,
  medicalRecord,
  identityUs,
  identityCa,
  identityBr,
  identityMx,
  identityAu,
  identityIn,
  identityZa,
  identitySg,
  identityKr,
  identityTr,
  identityTh,
  identityPh,
  identityAfrica,
  passport,
  groupedNumber,
  device,
  networkAddress,
  position,
  personalUrl,
  crypto,
  seedPhrase,
  mrz,
  cardSecret,
  biometric,
  loneValue,
  birth,
  address,
  privateKey,
  jwk,
  jwt,
  vendorToken,
  namedToken,
  authorization,
  connection,
  credentialFile,
  kubernetesSecret,
  commandPassword,
  productKey,
  loginPair,
  password,
  assignedSecret,
  marking,
  health,
  diagnosisCode,
  medicalCode,
  specialCategory,
  company,
  organisation,
  personTable,
]

/** The literals of all detectors and of the context they share. */
export const literalGroups = (detectors: readonly Detector[]): readonly LiteralGroup[] => [
  ...CONTEXT_WORDS,
  ROLE_GROUP,
  OWN_MARKS,
  ...detectors.flatMap((detector) => detector.literals),
]
