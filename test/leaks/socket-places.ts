import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { DialectName, Zone } from '#kernel/destination.ts'
import type { DataClass } from '#kernel/label.ts'
import { answerOf, isSpoken } from './answers.ts'
import type { Dice } from './dice.ts'
import { makeSpoken, type Spoken } from './spoken.ts'

/** A destination, what it may see, and where it listens. */
export interface Place {
  readonly id: string
  readonly zone: Zone
  readonly dialect: DialectName
  /** Null: nobody may send anything here. */
  readonly clearance: DataClass | null
}

export const PLACES: readonly Place[] = [
  { id: 'api', zone: 'api', clearance: 'public', dialect: 'openai' },
  { id: 'managed', zone: 'managed', clearance: 'internal', dialect: 'anthropic' },
  { id: 'house', zone: 'on-prem', clearance: 'confidential', dialect: 'openai' },
  { id: 'board', zone: 'device', clearance: 'restricted', dialect: 'ollama' },
]

export interface PlaceWitness {
  readonly dice: Dice
  /** Everything that reached a place: path, headers and body. */
  seen(place: Place, text: string): void
  said(spoken: Spoken): void
  redirected(): void
}

/** A server that records what reaches it, and behaves as badly as servers do; `thief` is where it sends people on to. */
export async function listen(
  place: Place,
  witness: PlaceWitness,
  thief: string,
): Promise<{ readonly port: number; readonly close: () => void }> {
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (piece: string) => (body += piece))
    request.on('end', () => {
      const path = request.url ?? ''
      witness.seen(place, `${path}\n${JSON.stringify(request.headers)}\n${body}`)
      behave(response, { place, witness, body, path, thief })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { port: portOf(server), close: () => closeAll(server) }
}

interface Heard {
  readonly place: Place
  readonly witness: PlaceWitness
  readonly body: string
  readonly path: string
  readonly thief: string
}

function behave(response: ServerResponse, { place, witness, body, path, thief }: Heard): void {
  const { dice } = witness
  const json = (status: number, what: object, headers: object = {}): void =>
    void response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify(what))
  const say = (): string => {
    const spoken = makeSpoken(dice, body)
    witness.said(spoken)
    return spoken.text
  }
  switch (dice.below(15)) {
    case 0:
      return json(500, { error: { message: body.slice(0, 200) } })
    case 1:
      return json(429, { error: { message: 'slow down' } }, { 'retry-after': '0' })
    case 2:
      witness.redirected()
      return void response
        .writeHead(dice.one([301, 302, 307, 308]), { location: `${thief}/v1/chat/completions` })
        .end()
    case 3:
      return void response.destroy()
    case 4:
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: {"choices":[{"index":0,"delta":{"content":"ha')
      return void setTimeout(() => response.destroy(), 2)
    case 5:
      return json(400, { error: { message: `${say()} ${body.slice(0, 200)}` } })
    default: {
      const texts = ['yes, so it is.']
      if (isSpoken(path) && dice.chance(0.4)) texts.push(`and ${say()} then`)
      if (dice.chance(0.1)) texts.push(body.slice(0, 1000))
      const text = texts.join(' ')
      const cut = dice.below(text.length)
      const said = { pieces: [text.slice(0, cut), text.slice(cut)], call: null }
      const stream = body.includes('"stream":true') || path.includes('stream')
      const [answer, headers] = answerOf(place.dialect, { path, stream }, said)
      response.writeHead(200, headers)
      const bytes = Buffer.from(answer)
      const half = dice.below(bytes.length)
      response.write(bytes.subarray(0, half))
      const rest = (): void => void response.end(bytes.subarray(half))
      if (dice.chance(0.1)) setTimeout(rest, 15)
      else rest()
    }
  }
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port // on TCP

function closeAll(server: Server): void {
  server.closeAllConnections()
  server.close()
}
