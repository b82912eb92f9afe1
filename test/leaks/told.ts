import { createLog } from '../../src/main/log.ts'
import { logRequest } from '../../src/main/observe.ts'
import { openOtlp } from '../../src/telemetry/otlp.ts'
import { emptyHouseTallies } from '../../src/telemetry/scrape.ts'
import { openTelemetry } from '../../src/telemetry/telemetry.ts'
import { watchRequest } from '../../src/telemetry/watch.ts'
import type { Dice } from './dice.ts'
import type { Sinks } from './world.ts'

/** Log lines, metrics and traces of every request. */
export function openTold(dice: Dice, clock: () => number, sinks: Sinks) {
  const log = createLog('info', clock, (lines) => sinks.noted('log', lines))
  const otlp = openOtlp({
    send: (_path, body) => {
      sinks.noted('traces', body)
      return Promise.resolve('taken')
    },
    version: '0',
    serviceName: 'ecluse',
    instance: 'i',
    sampleRatio: 1,
    placeOf: () => null,
    clock,
    randomBytes: (length) => Uint8Array.from({ length }, () => dice.below(256)),
    scheduler: {
      // what is sent seldom is sent seldom here too: a second is a turn of the loop
      after: (ms, then) => {
        let left = ms / 1000
        let timer = setImmediate(turn).unref()
        function turn(): void {
          left -= 1
          if (left > 0) timer = setImmediate(turn).unref()
          else then()
        }
        return () => clearImmediate(timer)
      },
    },
    told: () => {},
  })
  const telemetry = openTelemetry({
    otlp,
    house: emptyHouseTallies(),
    sources: {
      version: '0',
      open: () => open,
      ledger: () => ({ queued: 0, failures: 0 }),
      engine: () => 'disabled',
      engineStates: ['disabled'],
      ready: () => ({}),
    },
  })
  const open = { requests: 0, streams: 0 }
  const ports = {
    clock,
    now: () => performance.now(),
    open,
    observe(seen: Parameters<typeof telemetry.observe>[0]) {
      logRequest(log, seen)
      telemetry.observe(seen)
    },
  }
  return {
    watch: (request: string) =>
      watchRequest(ports, { request, route: '/v1/x', traceparent: undefined }),
    scrape: () => telemetry.scrape(),
    close: () => telemetry.close(),
  }
}
