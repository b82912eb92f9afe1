import { payload } from './build-pickle.ts'
import { buildHdf5, type Hdf5Options } from './build-hdf5.ts'
import { buildZip } from './build-zip.ts'
import type { Sample } from './corpus.ts'
import type { RuleCode } from '../rules.ts'

const model = (layer: string): string =>
  `{"module":"keras","class_name":"Sequential","config":{"layers":[${layer}]},"registered_name":null}`
const LAMBDA = model(
  '{"module":"keras.layers","class_name":"Lambda","config":{"function":["4wAAAA==",null,null]}}',
)
const DENSE = model('{"module":"keras.layers","class_name":"Dense","config":{"units":1}}')

const h5 = (
  name: string,
  rule: RuleCode | null,
  options: Hdf5Options,
  reference?: string,
): Sample => ({
  name: `${name}.h5`,
  bytes: buildHdf5(options),
  rule,
  ...(reference && { reference }),
})

const FORMS = ['old', 'new', 'dense'] as const
/** Header of a message of filters, second form, with one of this number. */
const filter = (id: number): Buffer =>
  id < 256
    ? Buffer.from([2, 1, id, 0, 0, 0, 0, 0])
    : Buffer.concat([
        Buffer.from([2, 1, id & 255, id >> 8, 4, 0, 0, 0, 0, 0]),
        Buffer.from('blo\0'),
      ])

/** A layout that takes its numbers from other files. */
const VIRTUAL = Buffer.concat([Buffer.from([4, 3]), Buffer.alloc(12)])
/** Two dimensions of 2^30, of numbers of eight bytes. */
const CLAIMS = [
  [
    0x01,
    Buffer.concat([
      Buffer.from([2, 2, 0, 1]),
      ...[0, 1].map(() => Buffer.from('0000004000000000', 'hex')),
    ]),
  ],
  [
    0x03,
    Buffer.concat([
      Buffer.from([0x11, 0x20, 0x3f, 0]),
      Buffer.from([8, 0, 0, 0]),
      Buffer.alloc(12),
    ]),
  ],
] as const
const external = Buffer.from('\0/etc/passwd\0/secret\0')

/** HDF5 files of real structure: what Keras, PyTables and h5py write, and what hides in them. */
export const HDF5: readonly Sample[] = [
  ...FORMS.flatMap((form) => [
    h5(
      `structure-lambda-${form}`,
      'keras-lambda',
      { form, attributes: { model_config: LAMBDA } },
      'CVE-2025-9905',
    ),
    h5(`structure-lambda-variable-${form}`, 'keras-lambda', {
      form,
      variable: true,
      attributes: { model_config: LAMBDA },
    }),
    h5(`structure-lambda-last-${form}`, 'keras-lambda', {
      form,
      attributes: {
        keras_version: '2.15.0',
        model_config: DENSE,
        training_config: '{}',
        other: LAMBDA,
      },
    }),
    h5(`structure-clean-${form}`, null, {
      form,
      attributes: { keras_version: '2.15.0', backend: 'tensorflow', model_config: DENSE },
    }),
    h5(`structure-clean-variable-${form}`, null, {
      form,
      variable: true,
      attributes: { model_config: DENSE },
    }),
    h5(`structure-no-configuration-${form}`, 'json-malformed', {
      form,
      attributes: { model_config: '{"class_name":' },
    }),
    h5(`structure-twice-${form}`, 'json-duplicate-key', {
      form,
      attributes: { model_config: `{"class_name":"Dense",${LAMBDA.slice(1)}` },
    }),
    h5(`structure-pickle-${form}`, 'pickle-dangerous-global', {
      form,
      valueClass: 5,
      attributes: { FIELD_0_ATTR: payload(2) },
    }),
    h5(
      `structure-storage-${form}`,
      'hdf5-outside',
      { form, data: [[0x07, Buffer.alloc(24)]] },
      'CVE-2026-1669',
    ),
    h5(`structure-virtual-${form}`, 'hdf5-outside', { form, data: [[0x08, VIRTUAL]] }),
    h5(`structure-claims-${form}`, 'hdf5-size', { form, data: CLAIMS }, 'CVE-2026-0897'),
    h5(`structure-filter-${form}`, 'hdf5-filter', { form, data: [[0x0b, filter(32001)]] }),
    h5(`structure-deflated-${form}`, null, { form, data: [[0x0b, filter(1)]] }),
    h5(`structure-objects-${form}`, 'hdf5-objects', { form, attributes: { PSEUDOATOM: 'object' } }),
    h5(`structure-odd-message-${form}`, 'hdf5-structure', {
      form,
      data: [[0x77, Buffer.alloc(8)]],
    }),
  ]),
  ...(['new', 'dense'] as const).flatMap((form) => [
    h5(`structure-link-${form}`, 'hdf5-outside', { form, link: [64, external] }, 'CVE-2026-1669'),
    h5(`structure-own-link-${form}`, 'hdf5-outside', { form, link: [77, Buffer.from('x')] }),
    h5(`structure-soft-link-${form}`, null, { form, link: [1, Buffer.from('/nowhere')] }),
  ]),
  // larger than a heap keeps in its blocks
  h5('structure-lambda-huge', 'keras-lambda', {
    form: 'dense',
    attributes: { model_config: LAMBDA + ' '.repeat(9000) },
  }),
  h5('structure-user-block', 'keras-lambda', {
    userBlock: 512,
    attributes: { model_config: LAMBDA },
  }),
  // a name that Keras does not read: a program that does finds it
  h5('structure-braces-in-text', null, { attributes: { note: `see ${LAMBDA}` } }),
  {
    name: 'weights-inside.keras',
    bytes: buildZip([
      { name: 'metadata.json', content: Buffer.from('{}') },
      { name: 'config.json', content: Buffer.from(DENSE) },
      { name: 'model.weights.h5', content: buildHdf5({ form: 'new', link: [64, external] }) },
    ]),
    rule: 'hdf5-outside',
    reference: 'CVE-2026-1669',
  },
]
