import type { KeyView } from '#identity/ports.ts'

/** A key as lists show it: with the beginning that its owner can recognise it by, and without what opens anything. */
export const keyView = (view: KeyView): object => ({ ...view, prefix: `ecl_${view.id}_` })
