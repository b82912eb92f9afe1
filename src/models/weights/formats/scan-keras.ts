import type { ByteSource } from '../bytes/byte-source.ts'
import type { Json } from '../bytes/strict-json.ts'
import type { Scan } from '../scan.ts'
import { findJson } from './find-json.ts'
import { isKerasObject, judgeKerasObject } from './keras-config.ts'
import { objectsIn } from './visit-json.ts'

/** Judges every Keras object of one JSON value. */
export function judgeKerasConfig(value: Json, scan: Scan): void {
  for (const object of objectsIn(value, () => scan.budget.step())) {
    if (isKerasObject(object)) judgeKerasObject(object, scan)
  }
}

/** Judges the configurations that an HDF5 file or the metadata of a SavedModel holds. */
export function scanForKeras(source: ByteSource, scan: Scan): void {
  for (const value of findJson(source, scan)) judgeKerasConfig(value, scan)
}
