import type { Client } from 'pg'

/** "ECLA" in ASCII: the first half of our advisory locks by name. */
const SPACE = 0x45434c41

/** Runs work while its name is locked on the server, on a connection that nothing else uses. @throws when there is none */
export async function alone<T>(
  connect: () => Promise<Client>,
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  const client = await connect()
  try {
    await client.query('SELECT pg_advisory_lock($1, hashtext($2))', [SPACE, name])
    return await work()
  } finally {
    // the lock goes with the connection
    await client.end().catch(() => {})
  }
}
