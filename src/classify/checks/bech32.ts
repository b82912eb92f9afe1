const ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const GENERATOR = [0x3b_6a_57_b2, 0x26_50_8e_6d, 0x1e_a1_19_fa, 0x3d_42_33_dd, 0x2a_14_62_b3]
/** Constants of BIP 173 (witness version 0) and BIP 350 (later ones). */
const BECH32 = 1
const BECH32M = 0x2b_c8_30_a3

function polymod(values: readonly number[]): number {
  let sum = 1
  for (const value of values) {
    const top = sum >>> 25
    sum = ((sum & 0x1_ff_ff_ff) << 5) ^ value
    for (const [i, generator] of GENERATOR.entries()) if (((top >> i) & 1) === 1) sum ^= generator
  }
  return sum >>> 0
}

/** Whether a segregated witness address of a network (`bc`, `tb`) holds its checksum. */
export function segwitCheck(address: string, network: string): boolean {
  const lower = address.toLowerCase()
  if ((address !== lower && address !== address.toUpperCase()) || address.length > 90) return false
  if (!lower.startsWith(`${network}1`)) return false
  const data = Array.from(lower.slice(network.length + 1), (char) => ALPHABET.indexOf(char))
  if (data.includes(-1) || data.length < 8) return false
  const prefix = Array.from(network, (char) => char.charCodeAt(0))
  const sum = polymod([...prefix.map((c) => c >> 5), 0, ...prefix.map((c) => c & 31), ...data])
  return sum === (data[0] === 0 ? BECH32 : BECH32M)
}
