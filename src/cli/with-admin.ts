import type { AdminClient } from './admin-client.ts'
import type { Context, ExitCode } from './command.ts'

/** Runs one piece of administration, on the running gateway or on the data directory itself. */
export async function withAdmin(
  context: Context,
  work: (admin: AdminClient) => Promise<ExitCode>,
): Promise<ExitCode> {
  const config = await context.config()
  if (!config) return 2
  const admin = await context.admin(config)
  if (!admin.ok) {
    context.terminal.note(context.terminal.say(admin.error))
    return 2
  }
  try {
    return await work(admin.value)
  } finally {
    await admin.value.close()
  }
}
