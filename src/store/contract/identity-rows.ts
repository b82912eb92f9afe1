import type { Application, Organisation, Person, Team } from '#identity/ports.ts'

/** What rows of identity have in common, and each of them with what a test cares about. */
const made = { tenant: 'default', createdAt: 1000, createdBy: 'local', disabledAt: null }
export const team = (id: string, over: Partial<Team> = {}): Team => ({
  ...made,
  id,
  name: id,
  ...over,
})
export const person = (id: string, over: Partial<Person> = {}): Person => ({
  ...made,
  id,
  name: id,
  email: null,
  issuer: null,
  subject: null,
  roles: [],
  team: null,
  lastSeenAt: null,
  ...over,
})
export const application = (id: string, over: Partial<Application> = {}): Application => ({
  ...made,
  id,
  name: id,
  team: null,
  purpose: null,
  roles: [],
  ...over,
})
export const organisation = (id: string): Organisation => {
  const { tenant: _, ...rest } = made
  return { ...rest, id, name: id }
}
export const ids = (rows: readonly { readonly id: string }[]): string[] => rows.map(({ id }) => id)
