/** The vocabulary that every endpoint shares: classes of data and zones where models run. */

/** From least to most sensitive. */
export const CLASSES = ['public', 'internal', 'confidential', 'restricted'] as const
export type DataClass = (typeof CLASSES)[number]

/** From nearest to farthest: this machine, own servers, a managed open-model platform, a proprietary API. */
export const ZONES = ['device', 'on-prem', 'managed', 'api'] as const
export type Zone = (typeof ZONES)[number]

/** Position among the classes, 1 to 4; a higher level is more sensitive. */
export const classLevel = (dataClass: DataClass): number => CLASSES.indexOf(dataClass) + 1

/** The class by its name; null for any other word. */
export const asDataClass = (word: string): DataClass | null =>
  CLASSES.find((dataClass) => dataClass === word) ?? null
