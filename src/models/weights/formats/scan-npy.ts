import { exactly, sliceOf, type ByteSource } from '../bytes/byte-source.ts'
import { scanPickle } from '../pickle/scan-pickle.ts'
import type { Scan } from '../scan.ts'
import { judgeDescr } from './npy-descr.ts'

/** Headers that numpy itself reads without being told to (numpy/lib/format.py _MAX_HEADER_SIZE); structured types are longer. */
const LONGEST_HEADER = 64 * 1024

/** The three fields that numpy writes, and nothing that would have to be evaluated. */
const HEADER =
  /^\{\s*'descr'\s*:\s*(?<descr>'[^'\\]{1,64}'|\[[^\]\\]*(?:\][^\]\\]*)*\])\s*,\s*'fortran_order'\s*:\s*(?:True|False)\s*,\s*'shape'\s*:\s*\((?<shape>[\d\sL,]*)\)\s*,?\s*\}\s*$/
const SIMPLE = /^'[<>|=]?([biufcSVUMma?])(\d*)(?:\[\w+\])?'$/

/** Judges an array of numpy: its header, whether it holds objects, its size. */
export function scanNpy(source: ByteSource, scan: Scan): void {
  const start = exactly(source, 0, 12)
  const major = start?.[6] ?? 0
  const wide = major >= 2
  const dataStart =
    start === null ? 0 : wide ? 12 + start.readUInt32LE(8) : 10 + start.readUInt16LE(8)
  const from = wide ? 12 : 10
  if (start === null || major < 1 || major > 3 || dataStart - from > LONGEST_HEADER) {
    scan.report('npy-header', { offset: 6 })
    return
  }
  const header = exactly(source, from, dataStart - from)?.toString(major === 3 ? 'utf8' : 'latin1')
  const fields = header === undefined ? null : HEADER.exec(header)
  const descr = fields?.groups?.['descr']
  const kind = descr === undefined ? 'odd' : judgeDescr(descr)
  if (fields === null || descr === undefined || kind === 'odd') {
    scan.report('npy-header', { offset: from })
    // a loader that is more lenient than this pattern would go on to the data
    scanObjects(source, dataStart, scan)
    return
  }
  if (kind === 'objects') {
    scan.report('npy-object', { offset: from })
    scanObjects(source, dataStart, scan)
    return
  }
  const simple = SIMPLE.exec(descr)
  if (simple === null) return
  const letter = simple[1] ?? ''
  const width = Number(simple[2] === '' ? 1 : simple[2]) * (letter === 'U' ? 4 : 1)
  const shape = (fields.groups?.['shape'] ?? '').split(',').filter((each) => each.trim() !== '')
  const items = shape.reduce((product, each) => product * Number(each.trim().replace(/L$/, '')), 1)
  if (items * width !== source.size - dataStart) scan.report('npy-size', { offset: dataStart })
}

function scanObjects(source: ByteSource, start: number, scan: Scan): void {
  if (start >= source.size) return
  scanPickle(sliceOf(source, start, source.size - start), scan)
}
