import type { z } from 'zod'
import type { Milliseconds } from '#kernel/units.ts'
import { MAX_ANSWER_BYTES, type LocalGet } from './loopback-get.ts'

/** What a probe asks with: a JSON answer of the expected shape, or undefined for anything else. */
export type AskLocal = <T>(
  port: number,
  path: string,
  shape: z.ZodType<T>,
) => Promise<T | undefined>

/** Wraps a get so that each question is bounded in time and size, never throws, and answers only what has the right shape. */
export const askLocalWith =
  (get: LocalGet, timeoutMs: Milliseconds): AskLocal =>
  async (port, path, shape) => {
    const stop = new AbortController()
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => {
        stop.abort()
        resolve(undefined)
      }, timeoutMs)
    })
    try {
      const answer = await Promise.race([get(`http://127.0.0.1:${port}${path}`, stop.signal), late])
      if (!answer?.ok || answer.value.status !== 200) return undefined
      if (answer.value.body.length > MAX_ANSWER_BYTES) return undefined
      return shape.safeParse(JSON.parse(answer.value.body)).data
    } catch {
      return undefined
    } finally {
      clearTimeout(timer)
    }
  }
