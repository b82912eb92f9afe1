/** Beginnings of pickles of protocols 2 to 5 in base64, and of gzip. */
const ENCODED = /^(?:gA[I-X]|H4sI)[A-Za-z0-9+/=\s]{24,}$/
const SCRIPT = /^\s*(?:#!\s*\/|<script\b|<\?php|import\s+os\b|__import__\s*\()/i
const CODE =
  /(?:__import__\s*\(|\bos\.system\s*\(|\bsubprocess\.(?:Popen|call|run)\s*\(|\bexec\s*\(\s*base64)/

/** Whether a text that should be a plain value is a program in disguise. */
export const hiddenPayload = (text: string): boolean => {
  const head = text.slice(0, 65_536)
  return ENCODED.test(head) || SCRIPT.test(head) || CODE.test(head)
}
