/** How a country writes its numbers without its code. */
export interface NationalPlan {
  readonly country: string
  /** All digits, the trunk 0 included. */
  readonly digits: RegExp
  /** Stops of the groups it is written in, joined by commas. */
  readonly groups: ReadonlySet<string>
}

const plan = (country: string, digits: RegExp, groups: string): NationalPlan => ({
  country,
  digits,
  groups: new Set(groups.split(' ')),
})

/** National forms of numbering plans filed with the ITU (National Numbering Plans, E.164 operational bulletin annexes), retrieved 2026-11-21. France, North America and the United Kingdom have rules of their own. */
export const NATIONAL_PLANS: readonly NationalPlan[] = [
  plan('TR', /^0[2-5]\d{9}$/, '4,7,9 4,7 1,4,7,9 4'),
  plan('PH', /^09\d{9}$/, '4,7 4'),
  plan('DE', /^0(?:1[567]\d{8,9}|[2-9]\d{6,10})$/, '3 4 5 4,7 3,7 3,6 4,6,8 4,7,9 5,7,9'),
  plan('IT', /^0\d{8,10}$/, '2 3 4 2,6 3,6'),
  plan('NL', /^0[1-9]\d{8}$/, '2 3 4 2,6 3,6'),
  plan('BE', /^0(?:4\d{8}|[1-9]\d{7})$/, '4,6,8 2,5,7 3,5,7 4 2 3'),
  plan('CH', /^0[1-9]\d{8}$/, '3,6,8 3'),
  plan('AT', /^0(?:6\d{8,10}|[1-9]\d{6,10})$/, '4 4,7 4,7,9 5,7,9 5'),
  plan('SE', /^0[1-9]\d{7,8}$/, '3,6,8 2,5,7 3,6 3,5,7 2 3'),
  plan('IE', /^0[1-9]\d{7,8}$/, '3,6 2,5 3 2'),
  plan('AU', /^0[23478]\d{8}$/, '4,7 2,6'),
  plan('NZ', /^0[2-9]\d{7,9}$/, '3,6 2,5 3'),
  plan('ZA', /^0[1-8]\d{8}$/, '3,6'),
  plan('NG', /^0[7-9][01]\d{8}$/, '4,7'),
  plan('DZ', /^0[5-7]\d{8}$/, '4,6,8 4'),
  plan('JP', /^0\d{9,10}$/, '3,7 2,6 3,6 4,6'),
  plan('KR', /^0\d{8,10}$/, '3,7 2,6 2,5 3,6'),
  plan('TH', /^0[2-9]\d{7,8}$/, '3,6 2,5 3'),
  plan('IL', /^0(?:5\d{8}|[2-9]\d{7})$/, '2 3 2,5 3,6'),
  plan('IN', /^0?[6-9]\d{9}$/, '5 5,10 6'),
]

/** Lengths of national numbers after the country code, trunk digit left out, where they are narrower than 7 to 12. */
export const LENGTHS: ReadonlyMap<string, readonly [number, number]> = new Map(
  (
    '1 10-10|7 10-10|20 8-10|27 9-9|30 10-10|31 9-9|32 8-9|33 9-9|34 9-9|36 8-9|39 6-11|40 9-9|41 9-9|43 6-13|' +
    '44 7-10|45 8-8|46 7-9|47 8-8|48 9-9|49 6-13|51 8-9|52 10-10|54 10-11|55 10-11|56 9-9|57 8-10|60 8-10|61 9-9|' +
    '62 8-12|63 8-10|64 8-10|65 8-8|66 8-9|81 9-10|82 8-10|84 9-10|86 9-11|90 10-10|91 10-10|92 9-10|212 9-9|213 8-9|' +
    '216 8-8|221 9-9|223 8-8|225 8-10|226 8-8|228 8-8|229 8-10|233 9-9|234 8-10|237 9-9|241 7-8|242 9-9|243 9-9|' +
    '254 9-9|261 9-9|262 9-9|351 9-9|352 6-9|353 7-9|358 6-10|377 8-9|420 9-9|421 9-9|852 8-8|961 7-8|971 8-9|972 8-9'
  )
    .split('|')
    .map((one) => {
      const [code = '', range = ''] = one.split(' ')
      const [least = '7', most = '12'] = range.split('-')
      return [code, [Number(least), Number(most)]] as const
    }),
)
