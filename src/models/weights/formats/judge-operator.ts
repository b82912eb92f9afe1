import type { Scan } from '../scan.ts'
import operators from './tensorflow-operators.json' with { type: 'json' }
import standard from './tensorflow-standard.json' with { type: 'json' }

const PYTHON = new Set(operators.python)
const FILES = new Set(operators.files)
const STANDARD = new Set(standard.names.flatMap((line) => line.split(' ')))

/**
 * Judges one operator of TensorFlow by its name: `Flex` marks them inside TensorFlow Lite, `Experimental` their older
 * forms. False when nobody here knows it: a function of the graph, or code of a library of its own.
 */
export function judgeOperator(name: string, offset: number, scan: Scan): boolean {
  const plain = name.replace(/^Flex/, '')
  const today = plain.replace(/^Experimental/, '')
  if (PYTHON.has(plain)) scan.report('tensorflow-python', { offset }, name)
  // tensorflow-io reads files and addresses of every kind
  else if (FILES.has(plain) || FILES.has(today) || plain.startsWith('IO>')) {
    scan.report('tensorflow-file-access', { offset }, name)
  } else return STANDARD.has(plain)
  return true
}

/** The operators of one graph that are not TensorFlow's own, told when all of its functions are known. */
export class Strangers {
  readonly #strangers = new Map<string, number>()
  readonly #defined = new Set<string>()

  judge(name: string, offset: number, scan: Scan): void {
    if (!judgeOperator(name, offset, scan) && !this.#strangers.has(name)) {
      this.#strangers.set(name, offset)
    }
  }

  /** A function of the graph itself. */
  define(name: string): void {
    this.#defined.add(name)
  }

  report(scan: Scan): void {
    for (const [name, offset] of this.#strangers) {
      if (!this.#defined.has(name)) scan.report('tensorflow-custom-operator', { offset }, name)
    }
  }
}
