import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DestinationStatus } from '../../../api/status.ts'
import type { Zone } from '../../../api/words.ts'
import { basins } from './basins.ts'

const destination = (id: string, zone: Zone, modelZone: Zone = zone): DestinationStatus => ({
  id,
  zone,
  jurisdiction: 'FR',
  clearance: 'public',
  state: 'enabled',
  origin: 'config',
  health: 'ready',
  models: [{ name: 'm', zone: modelZone }],
})
const place = (id: string, zone: Zone) => ({ destination: id, model: 'm', zone })
const no = (id: string) => ({
  destination: id,
  model: 'm',
  code: 'clearance-too-low',
  rule: 'r',
  explanation: '',
})

test('each zone says whether the text goes there, may, may not, or finds nothing', () => {
  const verdict = {
    chosen: { ...place('here', 'device'), jurisdiction: 'local' },
    allowed: [place('here', 'device'), place('ours', 'on-prem')],
    refused: [no('far')],
  }
  const known = [
    destination('here', 'device'),
    destination('ours', 'on-prem'),
    destination('far', 'api'),
  ]
  assert.deepEqual(basins(verdict, known), [
    { zone: 'device', water: 'chosen' },
    { zone: 'on-prem', water: 'open' },
    { zone: 'managed', water: 'empty' },
    { zone: 'api', water: 'closed' },
  ])
})

test('a model that its server forwards elsewhere counts in the zone where it really runs', () => {
  const verdict = { chosen: null, allowed: [], refused: [no('ollama')] }
  const [device, , , api] = basins(verdict, [destination('ollama', 'device', 'api')])
  assert.equal(device?.water, 'empty')
  assert.equal(api?.water, 'closed')
})
