/** What docs/detectors.md says of one type, beside its name and class. */
export interface TypeFacts {
  readonly type: string
  /** In words. */
  readonly shape: string
  /** Empty where the authority gives none. */
  readonly check: string
  /** `needed`: nothing is found without a word near it; `raises`: a word makes it surer; `no`: its shape says it all. */
  readonly keyword: string
  /** The document of the authority that issues the number, or defines the thing. */
  readonly source: string
}

/** The day the checks were last compared with an independent implementation. */
export const FACTS_COMPARED = '2026-11-21'

/** type | shape | check | keyword | source */
const ROWS = `
FR_NIR | 13 characters (2A and 2B in Corsica) and a key of 2, any separators; beside the object identifier of the health identity it is an INS | 97 - n mod 97 | raises | INSEE, décret 82-103; référentiel INS de l’Agence du numérique en santé
FR_SIREN | 9 digits | Luhn | needed | INSEE, répertoire Sirene
FR_SIRET | 14 digits: SIREN and 5 | Luhn; digit sum mod 5 for La Poste | raises | INSEE, répertoire Sirene
FR_RIB | bank 5, branch 5, account 11 (letters allowed), key 2, together or each behind its name | mod 97 | raises | CFONB, relevé d’identité bancaire
FR_TAX_ID | 13 digits from 0 to 3 | first 10 mod 511 | needed | DGFiP, numéro fiscal de référence
FR_CNI | 12 digits, or 9 letters and digits |  | needed | ANTS, carte nationale d’identité; règlement (UE) 2019/1157
FR_PASSPORT | 2 digits, 2 letters, 5 digits |  | needed | ANTS, passeport; ICAO Doc 9303
FR_DRIVER_LICENSE | 12 digits |  | needed | ANTS, permis de conduire; directive 2006/126/CE
FR_LICENSE_PLATE | AA-123-AA without I, O, U nor SS; or 1234 AB 75 |  | needed | Arrêté du 9 février 2009, système d’immatriculation
FR_RPPS | 11 digits from 10 or 8 | Luhn | needed | Agence du numérique en santé, annuaire santé
FR_ADELI | 9 digits, department first (2A, 2B) |  | needed | DREES, répertoire ADELI
FR_FINESS | 9 digits, department first (2A, 2B) | Luhn | needed | DREES, répertoire FINESS
FR_AM | scheme 2, fund 3, centre 3 or 4, three letters may lead |  | needed | CNAM, organisme de rattachement
FR_CAF | 7 digits, and a letter |  | needed | CNAF, numéro d’allocataire
FR_FRANCE_TRAVAIL | 7 digits and a letter, or 11 digits |  | needed | France Travail, identifiant
FR_INE | 11 characters: 10 digits and a letter, or 9 and two |  | needed | Arrêté du 16 février 2012, RNIE
FR_RESIDENCE_PERMIT | 9 or 10 digits (AGDREF), or 9 letters and digits |  | needed | Ministère de l’Intérieur, AGDREF; règlement (CE) 1030/2002
FR_NAF | 4 digits and a letter |  | needed | INSEE, NAF rév. 2
FR_RNA | W and 9 digits |  | needed | Répertoire national des associations
IBAN_CODE | country, 2 digits, account; length of the country; groups of 4 | mod 97-10 | raises | SWIFT IBAN Registry; ISO 13616
BIC_SWIFT | 4 letters, country, 2, and 3 | country of ISO 3166 | needed | ISO 9362
VAT_NUMBER | prefix of the country and its own form: 27 member states, XI and GB, CHE, NO | one per country | raises | European Commission, VIES; national tax authorities
DE_TAX_ID | 11 digits, one of the first ten repeated twice or three times at most | mod 11,10 | needed | Bundeszentralamt für Steuern, §139b AO
DE_TAX_NUMBER | office, district and person with slashes, or 13 digits |  | needed | ELSTER, Aufbau der Steuernummer
DE_SOCIAL_SECURITY | area 2, date 6, letter, serial 2, check | digit sums of 2 1 2 5 7 1 2 1 2 1 2 1 mod 10 | needed | VKVV §§ 2 to 4; Deutsche Rentenversicherung
DE_HEALTH_INSURANCE | letter and 9 digits | digit sums of 1 and 2 mod 10 | needed | GKV-Spitzenverband, §290 SGB V
DE_ID_CARD | 9 characters of CFGHJKLMNPRTVWXYZ and digits, and a check digit | 7-3-1 | needed | PAuswV; ICAO Doc 9303
DE_PASSPORT | C, F, G, H, J or K and 8, and a check digit | 7-3-1 | needed | PassV; ICAO Doc 9303
DE_FUEHRERSCHEIN | 11 characters: authority, number, check, copy |  | needed | FeV, Anlage 8
DE_KFZ | district, 1 or 2 letters, 1 to 4 digits, E or H | list of the districts | needed | Kraftfahrt-Bundesamt, FZV Anlage 1
DE_HANDELSREGISTER | HRA or HRB and 1 to 6 digits |  | no | Handelsregisterverordnung §13
DE_LANR | 7 digits and 2 of the speciality | weights 4 and 9 mod 10 | needed | KBV, Richtlinie nach §75 Abs. 7 SGB V
DE_BSNR | 9 digits, association of physicians first |  | needed | KBV, Richtlinie nach §75 Abs. 7 SGB V
ES_NIF | 8 digits and a letter | mod 23 | needed | Real Decreto 1553/2005
ES_NIE | X, Y or Z, 7 digits and a letter | mod 23 | needed | Orden INT/2058/2008
ES_CIF | letter of the kind, 7 digits, control | digit or letter mod 10 | needed | Orden EHA/451/2008
ES_SSN | province 2, number 8, control 2 | mod 97 | needed | Tesorería General de la Seguridad Social
ES_PASSPORT | 3 letters and 6 digits |  | needed | Real Decreto 411/2014
IT_FISCAL_CODE | 6 letters, year, month letter, day, place, control; letters of omocodia | table mod 26 | raises | D.M. 23 dicembre 1976; Agenzia delle Entrate
IT_ID_CARD | 2 letters, 5 digits, 2 letters; older: 2 letters and 7 digits |  | needed | Ministero dell’Interno, carta d’identità elettronica
IT_PASSPORT | 2 letters and 7 digits |  | needed | Polizia di Stato, passaporto
IT_DRIVER_LICENSE | 2 letters, 7 digits, a letter; or U1 and 8 |  | needed | Ministero delle Infrastrutture e dei Trasporti
NL_BSN | 8 or 9 digits | 11-proof | needed | Rijksdienst voor Identiteitsgegevens
BE_NATIONAL_NUMBER | date 6, order 3, control 2; BIS numbers too | 97 - n mod 97 | raises | Arrêté royal du 3 avril 1984
LU_MATRICULE | YYYYMMDD, order 3, two check digits | Luhn and Verhoeff | raises | Loi du 19 juin 2013, identification des personnes physiques
CH_AHV | 756 and 10 digits | EAN-13 | no | Zentrale Ausgleichsstelle, Art. 50c AHVG
CH_UID | CHE and 9 digits | mod 11 | no | Bundesamt für Statistik, UIDG
AT_SVNR | 3 digits, check, date 6 | mod 11 | needed | Dachverband der Sozialversicherungsträger, §31 ASVG
PL_PESEL | 11 digits, century in the month | weights 1 3 7 9 mod 10 | needed | Ministerstwo Cyfryzacji, rejestr PESEL
PL_NIP | 10 digits | mod 11 | needed | Ministerstwo Finansów
PT_NIF | 9 digits from 1, 2, 3, 45, 5 to 9 | mod 11 | needed | Decreto-Lei 14/2013
SE_PERSONNUMMER | date 6 or 8, 4 digits; coordination numbers too | Luhn | needed | Skatteverket, SKV 704
SE_ORGANISATIONSNUMMER | 10 digits, the third 2 or more | Luhn | needed | Skatteverket, SKV 709
FI_PERSONAL_IDENTITY_CODE | date 6, sign of the century, 3 digits, control | mod 31 | raises | Digi- ja väestötietovirasto
DK_CPR | date 6 and 4 digits | the date; mod 11 no longer holds for all | needed | CPR-kontoret
NO_FNR | date 6 and 5 digits; D numbers too | two digits mod 11 | raises | Skatteetaten, folkeregisteret
IE_PPS | 7 digits and 1 or 2 letters | mod 23 | needed | Department of Social Protection
CZ_RC | date 6 (50 added for women), 3 or 4 digits | mod 11 | needed | Zákon 133/2000 Sb.
SK_RC | date 6 (50 added for women), 3 or 4 digits | mod 11 | needed | Zákon 301/1995 Z. z.
RO_CNP | sex and century, date 6, county, order, control | mod 11 | needed | Legea 105/1996; OUG 97/2005
GR_AFM | 9 digits | powers of 2 mod 11 | needed | AADE
GR_AMKA | date 6 and 5 digits | Luhn | needed | EFKA
UK_NHS | 3-3-4 digits | mod 11 | needed | NHS Data Dictionary
UK_NINO | 2 letters, 6 digits, A to D; prefixes never given left out |  | raises | HMRC, NIM39110
UK_UTR | 10 digits | mod 11, first digit | needed | HMRC
UK_PASSPORT | 2 letters and 7 digits; 9 digits beside “British passport” |  | needed | HM Passport Office; ICAO Doc 9303
UK_DRIVING_LICENCE | surname 5, decade, month (50 added for women), day, year, initials 2, 3 more | the date | raises | DVLA
UK_SORT_ACCOUNT | sort code 2-2-2, and the account of 8 digits behind it |  | needed | Pay.UK, sort codes
UK_VEHICLE_REGISTRATION | AB12 CDE, and the forms before 2001 |  | needed | DVLA, INF104
US_SSN | 3-2-4 digits without 000, 666, 9xx | ranges never given | needed | Social Security Administration
VIN | 17 characters without I, O, Q |  | needed | ISO 3779
MEDICAL_RECORD | 5 to 12 digits, letters may lead; groups of digits right behind the name |  | needed | Vocabulary of hospitals: IPP, NDA, IEP, MRN
ICD10_CODE | letter, 2 digits, subdivision; a point where only words of care stand near | list of the categories | needed | WHO, ICD-10 version 2019
CREDIT_CARD | range of the issuer, 13 to 19 digits | Luhn | raises | ISO/IEC 7812-1
PHONE_NUMBER | French, E.164, North American and British forms | ranges of the plans | raises | ITU-T E.164; ARCEP; NANPA; Ofcom
EMAIL_ADDRESS | local part and domain |  | no | RFC 5321
DATE_TIME | a date |  | needed | Words of civil status
`

export const TYPE_FACTS: readonly TypeFacts[] = ROWS.trim()
  .split('\n')
  .map((line) => {
    const [type = '', shape = '', check = '', keyword = '', source = ''] = line
      .split('|')
      .map((cell) => cell.trim())
    return { type, shape, check, keyword, source }
  })
