/** User and password, the servers, and the rest of an address. */
const PARTS = /^(postgres(?:ql)?:\/\/(?:[^/?#]*@)?)([^/?#]*)(\/.*)$/s

/**
 * One address for each server that an address of PostgreSQL names: `postgresql://user@one:5432,two:5432/name`, or
 * `?host=one,two&port=5432`. Any other text is the only one of its list.
 * https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-MULTIPLE-HOSTS
 */
export function databaseAddresses(text: string): readonly string[] {
  const [, head, servers, rest] = PARTS.exec(text) ?? []
  if (head === undefined || servers === undefined || rest === undefined) return [text]
  if (servers.includes(',')) return servers.split(',').map((server) => `${head}${server}${rest}`)
  if (servers !== '' || !URL.canParse(text)) return [text]
  const url = new URL(text)
  const hosts = url.searchParams.get('host')?.split(',') ?? []
  const ports = url.searchParams.get('port')?.split(',') ?? []
  if (hosts.length < 2) return [text]
  return hosts.map((host, at) => {
    url.searchParams.set('host', host)
    const port = ports.length > 1 ? ports[at] : ports[0]
    if (port !== undefined) url.searchParams.set('port', port)
    return url.href
  })
}
