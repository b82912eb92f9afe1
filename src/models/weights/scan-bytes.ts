import { scanCompressed } from './archive/scan-compressed.ts'
import { isTarHeader, scanTar } from './archive/scan-tar.ts'
import { scanZip, type ZipKind } from './archive/scan-zip.ts'
import { findZipEnd } from './archive/zip-directory.ts'
import { exactly, type ByteSource } from './bytes/byte-source.ts'
import { fits, isPickleName, isWeightsName } from './extensions.ts'
import { scanMedia } from './formats/scan-media.ts'
import { scanNpy } from './formats/scan-npy.ts'
import { scanTflite } from './formats/scan-tflite.ts'
import { scanGguf } from './gguf/scan-gguf.ts'
import { hdf5At } from './hdf5-at.ts'
import { scanHdf5 } from './hdf5/scan-hdf5.ts'
import { identify, type Content } from './identify.ts'
import { probePickle, scanPickle } from './pickle/scan-pickle.ts'
import { scanSafetensors } from './safetensors/scan-safetensors.ts'
import type { Scan } from './scan.ts'
import { scanBinary } from './scan-binary.ts'
import { scanText } from './scan-text.ts'
import type { ExceptionKind, Judged } from './verdict.ts'

const companion = (format: string): Judged => ({ format, exception: null, weights: false })
const excepted = (format: string, exception: ExceptionKind): Judged => ({
  format,
  exception,
  weights: false,
})

/** Judges bytes by what they are, and by everything else that they could be taken for. */
export function scanBytes(source: ByteSource, scan: Scan): Judged {
  const content = identify(source)
  const judged = judge(content, source, scan)
  if (!fits(scan.name, content)) scan.report('content-mismatch', {}, judged.format)
  checkSecondFormats(content, source, scan)
  return judged
}

function judge(content: Content, source: ByteSource, scan: Scan): Judged {
  switch (content) {
    case 'empty':
      if (isWeightsName(scan.name)) scan.report('empty-weights')
      return companion('empty')
    case 'safetensors':
      scanSafetensors(source, scan)
      return { format: 'safetensors', exception: null, weights: true }
    case 'gguf':
      scanGguf(source, scan)
      return { format: 'gguf', exception: null, weights: true }
    case 'ggml-old':
      scan.report('gguf-version', { offset: 0 })
      return excepted('ggml', 'unknown-format')
    case 'zip':
      return zipJudged(scanZip(source, scan), scan)
    case 'pickle':
      return excepted(scanPickle(source, scan, { torch: inTorch(scan) }), 'pickle')
    case 'hdf5':
      scanHdf5(source, scan)
      return excepted('hdf5', 'keras')
    case 'npy':
      scanNpy(source, scan)
      return excepted('numpy', 'numpy')
    case 'tflite':
      scanTflite(source, scan)
      return excepted('tflite', 'tflite')
    case 'tar':
      return excepted(scanTar(source, scan), 'archive')
    case 'executable':
      return executable(source, scan)
    case 'bytecode':
      scan.report('python-bytecode')
      return excepted('python-bytecode', 'code')
    case 'media':
      return companion(scanMedia(source, scan))
    case 'text':
    case 'script':
      return companion(scanText(content, source, scan))
    case 'binary':
      return scanBinary(source, scan)
    default:
      return compressed(content, source, scan)
  }
}

/** `data.pkl` of an archive refers to tensors by persistent ids. */
const inTorch = (scan: Scan): boolean => scan.depth > 0 && /\.(?:pkl|debug_pkl)$/.test(scan.name)

function compressed(
  content: Parameters<typeof scanCompressed>[1],
  source: ByteSource,
  scan: Scan,
): Judged {
  scanCompressed(source, content, scan)
  return excepted(content, /\.(?:joblib|pkl|pickle)/i.test(scan.name) ? 'pickle' : 'archive')
}

const ZIP_EXCEPTIONS: Readonly<Record<ZipKind, ExceptionKind>> = {
  'pytorch-zip': 'pickle',
  torchscript: 'torchscript',
  'keras-zip': 'keras',
  npz: 'numpy',
  skops: 'pickle',
  'python-package': 'archive',
  zip: 'archive',
}

function zipJudged(kind: ZipKind, scan: Scan): Judged {
  if (scan.depth > 0) scan.report('archive-nested', {}, kind)
  return excepted(kind, ZIP_EXCEPTIONS[kind])
}

function executable(source: ByteSource, scan: Scan): Judged {
  const carriesZip = findZipEnd(source) !== null
  if (carriesZip) {
    scan.report('llamafile')
    scanZip(source, scan)
    return excepted('llamafile', 'executable')
  }
  scan.report('native-code')
  return excepted('executable', 'executable')
}

/** Contents whose first bytes leave no doubt to a loader of pickles: the rest is tried as one. */
const NO_PICKLE: ReadonlySet<Content> = new Set([
  'empty',
  'pickle',
  'zip',
  'text',
  'script',
  'binary',
  'executable',
])

/** Looks for a second format in the same bytes, as a reader that begins elsewhere would find it. */
function checkSecondFormats(content: Content, source: ByteSource, scan: Scan): void {
  if (content === 'empty') return
  const zipped = content === 'zip' || content === 'executable'
  // labels and vocabularies of TensorFlow Lite follow the graph as a zip (TFLite metadata, "associated files")
  if (content === 'tflite' && findZipEnd(source, true) !== null) {
    scan.report('archive-nested', {}, 'zip')
    scanZip(source, scan, true)
    return
  }
  // a tar may well end with a zip as its last member
  if (!zipped && findZipEnd(source, content === 'tar') !== null) {
    scan.report('polyglot', {}, 'zip')
    scanZip(source, scan)
  }
  if (content !== 'tar' && content !== 'text' && isTarHeader(exactly(source, 0, 512) ?? EMPTY)) {
    scan.report('polyglot', {}, 'tar')
  }
  const inside = content === 'hdf5' || content === 'binary' ? -1 : hdf5At(source)
  if (inside > 0) {
    scan.report('polyglot', { offset: inside }, 'hdf5')
    scanHdf5(source, scan, inside)
  }
  if (!NO_PICKLE.has(content) && probePickle(source, 0, scan)) {
    scan.report('polyglot', {}, 'pickle')
  }
  if (content === 'zip' && isPickleName(scan.name) && probePickle(source, 0, scan)) {
    scan.report('polyglot', {}, 'pickle')
  }
}

const EMPTY = Buffer.alloc(0)
