/** Versions of the Common Vulnerability Scoring System, oldest first. */
export const CVSS_VERSIONS = ['2.0', '3.0', '3.1', '4.0'] as const
export type CvssVersion = (typeof CVSS_VERSIONS)[number]

/** Values of a metric, by its name. */
export type Metrics = Readonly<Record<string, readonly string[]>>

export interface Grammar {
  /** What a vector begins with. */
  readonly prefix: string
  /** Every one of them stands in a vector, once. */
  readonly base: Metrics
  /** Any of them may stand in it, once. */
  readonly optional: Metrics
}

const values = (text: string): readonly string[] => text.split(' ')
const table = (rows: Readonly<Record<string, string>>): Metrics =>
  Object.fromEntries(Object.entries(rows).map(([name, text]) => [name, values(text)]))

/** A Complete Guide to the CVSS Version 2.0, section 2 (FIRST, 2007). */
const V2: Grammar = {
  prefix: '',
  base: table({ AV: 'L A N', AC: 'H M L', Au: 'M S N', C: 'N P C', I: 'N P C', A: 'N P C' }),
  optional: table({
    E: 'U POC F H ND',
    RL: 'OF TF W U ND',
    RC: 'UC UR C ND',
    CDP: 'N L LM MH H ND',
    TD: 'N L M H ND',
    CR: 'L M H ND',
    IR: 'L M H ND',
    AR: 'L M H ND',
  }),
}

/** CVSS v3.0 and v3.1 Specification Document, table 15 (FIRST, 2015 and 2019). */
const V3: Omit<Grammar, 'prefix'> = {
  base: table({
    AV: 'N A L P',
    AC: 'L H',
    PR: 'N L H',
    UI: 'N R',
    S: 'U C',
    C: 'H L N',
    I: 'H L N',
    A: 'H L N',
  }),
  optional: table({
    E: 'X H F P U',
    RL: 'X U W T O',
    RC: 'X C R U',
    CR: 'X H M L',
    IR: 'X H M L',
    AR: 'X H M L',
    MAV: 'X N A L P',
    MAC: 'X L H',
    MPR: 'X N L H',
    MUI: 'X N R',
    MS: 'X U C',
    MC: 'X N L H',
    MI: 'X N L H',
    MA: 'X N L H',
  }),
}

/** CVSS v4.0 Specification Document, table 23 (FIRST, 2023). */
const V4: Grammar = {
  prefix: 'CVSS:4.0/',
  base: table({
    AV: 'N A L P',
    AC: 'L H',
    AT: 'N P',
    PR: 'N L H',
    UI: 'N P A',
    VC: 'H L N',
    VI: 'H L N',
    VA: 'H L N',
    SC: 'H L N',
    SI: 'H L N',
    SA: 'H L N',
  }),
  optional: table({
    E: 'X A P U',
    CR: 'X H M L',
    IR: 'X H M L',
    AR: 'X H M L',
    MAV: 'X N A L P',
    MAC: 'X L H',
    MAT: 'X N P',
    MPR: 'X N L H',
    MUI: 'X N P A',
    MVC: 'X H L N',
    MVI: 'X H L N',
    MVA: 'X H L N',
    MSC: 'X H L N',
    MSI: 'X S H L N',
    MSA: 'X S H L N',
    S: 'X N P',
    AU: 'X N Y',
    R: 'X A U I',
    V: 'X D C',
    RE: 'X L M H',
    U: 'X Clear Green Amber Red',
  }),
}

/** What a vector of each version may be made of. */
export const GRAMMARS: Readonly<Record<CvssVersion, Grammar>> = {
  '2.0': V2,
  '3.0': { prefix: 'CVSS:3.0/', ...V3 },
  '3.1': { prefix: 'CVSS:3.1/', ...V3 },
  '4.0': V4,
}
