import type { Detector } from '../../scan/detector.ts'
import { findNear } from '../../scan/find-near.ts'

const GROUP = 'product-key'

/** Product keys of Windows and Office: five groups of five of the 24 signs and the N that Microsoft uses, near a word that says so. */
export const productKey: Detector = {
  id: 'product-key',
  acrossParts: true,
  literals: [
    {
      name: GROUP,
      standing: 'stem',
      words:
        'product key|clé de produit|clé produit|windows key|clé windows|windows|office|license key|licence key|clé de licence|clé d’activation|activation key|cd key|slmgr|numéro de série|serial number'.split(
          '|',
        ),
    },
  ],
  find(scan, found) {
    findNear(
      scan,
      {
        type: 'SECRET',
        rule: 'windows-product-key',
        group: GROUP,
        shape:
          /(?<![A-Z\d-])[BCDFGHJKMNPQRTVWXY2346789]{5}(?:-[BCDFGHJKMNPQRTVWXY2346789]{5}){4}(?![A-Z\d-])/g,
        check: (compact) => /\d/.test(compact) && /[A-Z]/.test(compact) && !/X{10}/.test(compact),
        confidence: 0.85,
      },
      found,
    )
  },
}
