/** Little-endian float32 to little-endian float16, each to the nearest, ties to even. */
export function toFloat16(float32: Uint8Array): Uint8Array {
  const view = new DataView(float32.buffer, float32.byteOffset, float32.byteLength)
  const out = new Uint8Array(float32.byteLength / 2)
  const into = new DataView(out.buffer)
  for (let at = 0; at < out.length; at += 2)
    into.setFloat16(at, view.getFloat32(at * 2, true), true)
  return out
}
