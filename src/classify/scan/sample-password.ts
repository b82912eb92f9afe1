import { isPlaceholder } from './placeholder.ts'

/** Words that documentation puts where a password goes. */
const SAMPLE =
  /^(?:my|the|your|db|user|admin)?[-_]?(?:pass|passwd|password|passwort|pwd|pw|secret|user|username|token|mdp|motdepasse|test|root|postgres|guest|admin|changeit|string|value|yyy|xxx|abc|foo|bar|none|true|false|null|required|optional|\w)$|^(?:my|the)?(?:pass|password|secret|test|user|token|foo|bar)[-_]?\d{1,3}$/i
/** Variables of shells, templates and batch files, and names in brackets. */
const VARIABLE = /^\$|^%\w+%$|^[<[({](?:[A-Z_ -]+|[a-z_ -]+)[>\])}]$|\{\{|\$\{|\$\(|^@|^&/

/** Whether what stands where a password belongs is one only in documentation. */
export const isSamplePassword = (value: string): boolean =>
  SAMPLE.test(value) || VARIABLE.test(value) || isPlaceholder(value)
