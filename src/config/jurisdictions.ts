/** Countries of ISO 3166-1, alpha-2 codes (249 entries, 2024 edition). */
const COUNTRIES: ReadonlySet<string> = new Set(
  (
    'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR ' +
    'BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ ' +
    'EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW ' +
    'GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY ' +
    'KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV ' +
    'MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY ' +
    'QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG ' +
    'TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW'
  ).split(' '),
)

/** Member states of the European Union since 1 February 2020, as ISO 3166-1 codes. */
export const EU_MEMBERS: readonly string[] =
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' ')

/** Groups a configuration may name instead of countries; the EEA adds Iceland, Liechtenstein and Norway. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  EU: EU_MEMBERS,
  EEA: [...EU_MEMBERS, 'IS', 'LI', 'NO'],
}

/** Codes people write for countries that ISO 3166-1 spells otherwise. */
const MISTAKEN: Readonly<Record<string, string>> = { UK: 'GB', EL: 'GR' }

export const isCountry = (code: string): boolean => COUNTRIES.has(code)

export const isJurisdiction = (code: string): boolean =>
  isCountry(code) || Object.hasOwn(GROUPS, code)

/** The code that was probably meant: `fr` is FR, `UK` is GB; undefined when nobody can tell. */
export function meantJurisdiction(code: string): string | undefined {
  const upper = code.trim().toUpperCase()
  const meant = Object.hasOwn(MISTAKEN, upper) ? MISTAKEN[upper] : upper
  return meant !== undefined && isJurisdiction(meant) ? meant : undefined
}

/** Countries meant by a list of countries and groups, sorted, without repeats. */
export function expandJurisdictions(codes: readonly string[]): readonly string[] {
  const countries = codes.flatMap((code) => (Object.hasOwn(GROUPS, code) ? GROUPS[code] : [code]))
  return [...new Set(countries)].filter((code) => code !== undefined).toSorted()
}
