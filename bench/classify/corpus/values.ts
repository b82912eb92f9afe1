import * as europe from './europe.ts'
import * as france from './france.ts'
import { below, type Random } from './numbers.ts'
import { address, birthDate, email, person, phone } from './people.ts'
import * as world from './world.ts'

/** Makes a value of each type, with valid check digits where the type has them. */
export const MAKERS: Readonly<Record<string, (next: Random, lang: string) => string>> = {
  PERSON: person,
  EMAIL_ADDRESS: email,
  LOCATION: address,
  PHONE_NUMBER: phone,
  DATE_TIME: birthDate,
  IBAN_CODE: europe.iban,
  BIC_SWIFT: europe.bic,
  VAT_NUMBER: (next, lang) => (lang === 'fr' && next() < 0.7 ? france.vat(next) : europe.vat(next)),
  CREDIT_CARD: world.card,
  FR_NIR: france.nir,
  FR_SIREN: france.shownSiren,
  FR_SIRET: france.siret,
  FR_RIB: france.rib,
  FR_TAX_ID: france.taxId,
  FR_PASSPORT: france.passport,
  FR_CNI: france.identityCard,
  FR_DRIVER_LICENSE: france.drivingLicence,
  FR_LICENSE_PLATE: france.plate,
  FR_RPPS: france.rpps,
  FR_FINESS: france.finess,
  FR_INE: france.studentId,
  FR_CAF: france.caf,
  FR_FRANCE_TRAVAIL: france.jobSeeker,
  FR_RESIDENCE_PERMIT: france.residencePermit,
  BE_NATIONAL_NUMBER: europe.belgian,
  CH_AHV: europe.swiss,
  NL_BSN: europe.dutch,
  IT_FISCAL_CODE: europe.italian,
  ES_NIF: europe.spanish,
  ES_NIE: europe.spanishForeigner,
  DE_TAX_ID: europe.german,
  DE_HEALTH_INSURANCE: europe.germanHealth,
  PT_NIF: europe.portuguese,
  PL_PESEL: europe.polish,
  RO_CNP: europe.romanian,
  SE_PERSONNUMMER: europe.swedish,
  NO_FNR: europe.norwegian,
  FI_PERSONAL_IDENTITY_CODE: europe.finnish,
  DK_CPR: europe.danish,
  LU_MATRICULE: europe.luxembourgish,
  IE_PPS: europe.irish,
  UK_NHS: world.nhs,
  UK_NINO: world.nino,
  UK_UTR: world.utr,
  UK_VEHICLE_REGISTRATION: world.ukPlate,
  UK_PASSPORT: world.ukPassport,
  UK_SORT_ACCOUNT: world.sortAccount,
  US_SSN: world.ssn,
  US_ITIN: world.itin,
  US_EIN: world.ein,
  US_NPI: world.npi,
  US_DEA: world.dea,
  ABA_ROUTING_NUMBER: world.aba,
  CA_SIN: world.canadian,
  AU_ABN: world.abn,
  AU_TFN: world.tfn,
  IN_AADHAAR: world.aadhaar,
  IN_PAN: world.pan,
  ZA_ID_NUMBER: world.southAfrican,
  SG_NRIC_FIN: world.singaporean,
  TR_NATIONAL_ID: world.turkish,
  IP_ADDRESS: world.ip,
  MAC_ADDRESS: world.mac,
  IMEI: world.imei,
  VIN: world.vin,
  CRYPTO: world.bitcoin,
}

/** A value of the type in which one digit of the check is wrong; an address becomes a version number. */
export function lookAlike(type: string, next: Random, lang: string): string {
  const made = MAKERS[type]?.(next, lang) ?? ''
  if (type === 'IP_ADDRESS')
    return `${1 + below(next, 9)}.${below(next, 30)}.${below(next, 9)}-rc.${below(next, 9)}`
  // the last digit one higher: every one of these checks sees a single wrong digit
  return made.replace(/\d(?=\D*$)/, (last) => String((Number(last) + 1) % 10))
}
