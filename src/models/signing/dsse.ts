/**
 * The bytes that a DSSE signature covers: `DSSEv1 LEN(type) type LEN(payload) payload`
 * (secure-systems-lab/dsse, protocol 1.0).
 */
export function preAuthentication(type: string, payload: Uint8Array): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `
  return Buffer.concat([Buffer.from(head, 'utf8'), payload])
}
