import { Cursor, Truncated } from './bytes/cursor.ts'
import { exactly, type ByteSource } from './bytes/byte-source.ts'
import { isPickleName } from './extensions.ts'
import { scanForKeras } from './formats/scan-keras.ts'
import { looksLikeOnnx, scanOnnx } from './formats/scan-onnx.ts'
import { scanGraphDef, scanSavedModel } from './formats/scan-savedmodel.ts'
import { NotProtobuf, wireFields } from './formats/wire.ts'
import { hdf5At } from './hdf5-at.ts'
import { scanHdf5 } from './hdf5/scan-hdf5.ts'
import { probePickle, scanPickle } from './pickle/scan-pickle.ts'
import { scanSafetensors } from './safetensors/scan-safetensors.ts'
import type { Scan } from './scan.ts'
import type { ExceptionKind, Judged } from './verdict.ts'

const as = (format: string, exception: ExceptionKind | null): Judged => ({
  format,
  exception,
  weights: false,
})

/** Raw numbers that another file describes, and refers to by name. */
const RAW =
  /\.(?:onnx[._]data(?:_\d+)?|data-\d{5}-of-\d{5})$|(?:^|\/)(?:archive|[^/]+)\/data\/\d+$|(?:^|\/)(?:byteorder|version)$/
const UNSUPPORTED =
  /\.(?:msgpack|mlmodel|mlpackage|engine|plan|trt|ubj|cbm|lgb|rds|rda|rknn|pmml|h2o|t7)$/i

/** Judges bytes without a mark of their own, by their structure, with the name as a hint. */
export function scanBinary(source: ByteSource, scan: Scan): Judged {
  const { name } = scan
  if (/\.safetensors$/i.test(name)) {
    // what it says instead of a plausible length and a brace
    scanSafetensors(source, scan)
    return as('unknown', 'unknown-format')
  }
  const hdf5 = hdf5At(source)
  if (hdf5 > 0) {
    scanHdf5(source, scan, hdf5)
    return as('hdf5', 'keras')
  }
  if (/\.onnx$/i.test(name) || looksLikeOnnx(source)) {
    scanOnnx(source, scan)
    return as('onnx', 'onnx')
  }
  if (/(?:^|\/)saved_model\.pb$/i.test(name)) {
    scanSavedModel(source, scan)
    return as('savedmodel', 'tensorflow')
  }
  if (/(?:^|\/)(?:keras_metadata|fingerprint)\.pb$/i.test(name)) {
    scanForKeras(source, scan)
    return as('tensorflow-metadata', 'tensorflow')
  }
  if (/\.pb$/i.test(name)) {
    scanGraphDef(source, scan)
    return as('graphdef', 'tensorflow')
  }
  if (/\.(?:model|spm|vocab)$/i.test(name) && isSentencePiece(source))
    return as('sentencepiece', null)
  if (probePickle(source, 0, scan)) return as('pickle', 'pickle')
  if (isTable(source)) return as('tensorflow-index', 'tensorflow')
  const graph = /([^/]+)\.bin$/i.exec(name)?.[1]
  // numbers of OpenVINO, which the graph beside them refers to
  if (graph !== undefined && scan.neighbours.sizeOf(`${graph}.xml`) !== null) {
    return as('raw-tensors', 'unknown-format')
  }
  if (RAW.test(name)) return as('raw-tensors', /data-\d{5}/.test(name) ? 'tensorflow' : 'onnx')
  if (isPickleName(name)) {
    scanPickle(source, scan)
    return as('pickle', 'pickle')
  }
  scan.report(UNSUPPORTED.test(name) ? 'unsupported-format' : 'unknown-format')
  return as('unknown', 'unknown-format')
}

/** The end of a table of keys and values, which indexes of TensorFlow's checkpoints are (tensorflow/core/lib/io/format.h). */
const TABLE_MARK = Buffer.from('57fb808b247547db', 'hex')
const isTable = (source: ByteSource): boolean =>
  exactly(source, source.size - TABLE_MARK.length, TABLE_MARK.length)?.equals(TABLE_MARK) === true

/** ModelProto of sentencepiece: pieces 1, trainer 2, normalizer 3, self test 4, denormalizer 5; nothing else. */
function isSentencePiece(source: ByteSource): boolean {
  let pieces = 0
  try {
    for (const { field, type } of wireFields(new Cursor(source), source.size, () => undefined)) {
      if (type !== 2 || field > 5) return false
      if (field === 1) pieces += 1
    }
  } catch (error) {
    if (!(error instanceof Truncated || error instanceof NotProtobuf)) throw error
    return false
  }
  return pieces > 0
}
