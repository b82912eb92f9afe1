import { PERMISSION_WORDS, permissionsOf } from '../src/identity/access.ts'
import { PERMISSIONS, ROLES, SCOPES } from '../src/kernel/permission.ts'

/** The text of docs/access.md, from the tables that the program itself uses. */
export function accessPage(): string {
  return [
    '# Access',
    '',
    'Every route of the admin API asks for one permission; roles of people and service accounts, and scopes of keys, are',
    'sets of permissions. Nobody gives more than they hold. This page is generated from the tables of the program',
    '(`node scripts/write-access-page.ts`); a test compares them, and another walks every route with every role against the',
    'matrix in `test/access/matrix.ts`. The running gateway tells the same: `ecluse roles ls`.',
    '',
    '## Roles',
    '',
    `| permission | ${ROLES.join(' | ')} |`,
    `|---|${ROLES.map(() => '---').join('|')}|`,
    ...PERMISSIONS.map(
      (one) =>
        `| \`${one}\` | ${ROLES.map((role) => (permissionsOf([role]).includes(one) ? 'x' : '')).join(' | ')} |`,
    ),
    '',
    '## Scopes of keys',
    '',
    '| scope | permissions |',
    '|---|---|',
    ...SCOPES.map((scope) => {
      const held = permissionsOf([scope])
      const all = held.length === PERMISSIONS.length
      return `| \`${scope}\` | ${all ? 'all of them' : held.map((one) => `\`${one}\``).join(', ')} |`
    }),
    '',
    'A key can carry roles as well as scopes. A key of a person or an application never allows more than its owner may; an',
    'application without roles may at most use models, classify, and see what runs.',
    '',
    '## Permissions',
    '',
    'Those that reach the whole house (policy, destinations, database) can be held only in the organisation that runs it,',
    '`default`; in every other organisation a role lacks them.',
    '',
    '| permission | reaches | allows to |',
    '|---|---|---|',
    ...PERMISSIONS.map((one) => {
      const { reach, allows } = PERMISSION_WORDS[one]
      return `| \`${one}\` | ${reach === 'house' ? 'the house' : 'the organisation'} | ${allows} |`
    }),
    '',
  ].join('\n')
}
