// What the public conformance suite of model signing asks (its cases of October 2026, by their names), as data.
// Source: https://github.com/ossf/model-signing-spec, folder `conformance` (read in the fork sampras343/model-signing-spec).

const git = { '.git/HEAD': 'git object', '.gitignore': '', '.gitattributes': '' }
const many = (byte: number, count: number): Uint8Array => new Uint8Array(count).fill(byte)

/** Files of each model. */
export const MODELS: Readonly<Record<string, Readonly<Record<string, string | Uint8Array>>>> = {
  simple: { 'signme-1': 'signme-1\n', 'signme-2': 'signme-2', 'ignore-me': '' },
  'single-file': { 'model.bin': many(0xef, 256) },
  'multi-file': {
    'config.json': '{"model": "test", "version": "1.0"}',
    'weights.bin': many(0xab, 1024),
    'subdir/adapter.bin': many(0xcd, 512),
  },
  'binary-content': {
    'header.bin': Uint8Array.of(0, 1, 0xff, 0xfe, 0, 0, 0x89, 0x50, 0x4e, 0x47),
    'weights.bin': Uint8Array.from({ length: 1024 }, (_, at) => at % 256),
  },
  empty: { '.gitignore': '.gitkeep\n' },
  'with-dotfiles': { '.config': 'data', '.env.example': 'example', 'model.bin': 'model' },
  'with-empty-file': { 'empty.bin': '', 'signme-1': 'signme-1' },
  'with-git-dir': { ...git, 'model.bin': 'model data', '.github/ci.yml': 'workflow' },
  'hidden-subdir': {
    'model.bin': 'main',
    '.cache/weights.bin': 'cached',
    '.local/share/data.bin': 'local',
  },
  'with-nested-gitignore': { 'model.bin': 'model', 'subdir/.gitignore': 'nested' },
  'with-nested-ignore': { 'ignore-me': 'top', 'signme-1': 'signed', 'subdir/ignore-me': 'nested' },
  'unicode-names': { 'weights.bin': 'weights', '模型.bin': 'model data' },
  'special-chars': {
    'file (copy).bin': 'file1',
    'normal.bin': 'file3',
    'path with spaces/model.bin': 'file2',
  },
  'deeply-nested': { 'a/very/deep/directory/tree/weights.bin': 'deep weights' },
  'deeply-nested-with-git': {
    'a/very/deep/directory/tree/weights.bin': 'deep weights',
    '.git/HEAD': 'git object',
  },
  'multi-git-dirs': {
    'model.bin': 'main',
    '.git/HEAD': 'root',
    'submodule/model.bin': 'sub',
    'submodule/.git/HEAD': 'sub',
  },
  'multi-gitignore': {
    'model.bin': 'main',
    '.gitignore': '',
    'subdir/data.bin': 'sub',
    'subdir/.gitignore': 'nested',
  },
  'with-git-and-ignore': { ...git, 'model.bin': 'model', 'ignored-file.tmp': 'left out' },
  'with-assets-subdir': {
    'weights.bin': 'weights',
    'config.json': '{"version": "1.0"}',
    'assets/vocab.txt': 'vocabulary',
    'assets/tokenizer.bin': many(0xaa, 128),
  },
}

interface RoundTrip {
  readonly id: string
  readonly method: 'key' | 'certificate'
  readonly model: string
  readonly group: string
  readonly ignored?: readonly string[]
  /** The very files that must be listed. */
  readonly signed?: readonly string[]
  readonly links?: Readonly<Record<string, string>>
  /** The bundle lies in the model. */
  readonly inside?: boolean
  /** A file is added after signing, and tolerated. */
  readonly unsigned?: boolean
  /** Signing must fail. */
  readonly isRefused?: boolean
}

const SIMPLE = ['signme-1', 'signme-2']
const key = (id: string, model: string, more: Partial<RoundTrip> = {}): RoundTrip => ({
  id: `key-${id}`,
  method: 'key',
  model,
  group: 'certificate',
  ...more,
})
const simply = (id: string, more: Partial<RoundTrip> = {}): RoundTrip =>
  key(id, 'simple', { ignored: ['ignore-me'], signed: SIMPLE, ...more })
const chained = (id: string, model: string, group = 'certificate'): RoundTrip => ({
  id: `certificate-${id}`,
  method: 'certificate',
  model,
  group,
})

export const ROUND_TRIPS: readonly RoundTrip[] = [
  chained('multi-file', 'multi-file'),
  chained('self-signed', 'simple', 'self-signed'),
  chained('simple', 'simple'),
  key('assets-subdir', 'with-assets-subdir'),
  key('binary-content', 'binary-content'),
  key('deeply-nested', 'deeply-nested'),
  key('deeply-nested-with-git', 'deeply-nested-with-git', {
    signed: ['a/very/deep/directory/tree/weights.bin'],
  }),
  key('default-ignores', 'with-git-dir', { signed: ['model.bin'] }),
  key('dotfile-included', 'with-dotfiles', { signed: ['.config', '.env.example', 'model.bin'] }),
  key('empty-file', 'with-empty-file', { signed: ['empty.bin', 'signme-1'] }),
  key('empty-model-rejected', 'empty', { isRefused: true }),
  key('files-in-hidden-dir', 'hidden-subdir', {
    signed: ['.cache/weights.bin', '.local/share/data.bin', 'model.bin'],
  }),
  key('git-and-ignore-combined', 'with-git-and-ignore', {
    ignored: ['.git/HEAD', '.gitignore', '.gitattributes', 'ignored-file.tmp'],
    signed: ['model.bin'],
  }),
  simply('ignore-paths'),
  key('ignore-paths-exact-match', 'with-nested-ignore', {
    ignored: ['ignore-me'],
    signed: ['signme-1', 'subdir/ignore-me'],
  }),
  simply('ignore-unsigned', { unsigned: true }),
  key('multi-file', 'multi-file', { signed: ['config.json', 'subdir/adapter.bin', 'weights.bin'] }),
  key('multi-git-dirs', 'multi-git-dirs', {
    ignored: ['.git/HEAD', 'submodule/.git/HEAD'],
    signed: ['model.bin', 'submodule/model.bin'],
  }),
  key('multi-gitignore', 'multi-gitignore', {
    ignored: ['.gitignore', 'subdir/.gitignore'],
    signed: ['model.bin', 'subdir/data.bin'],
  }),
  key('nested-git-not-excluded', 'with-nested-gitignore', {
    signed: ['model.bin', 'subdir/.gitignore'],
  }),
  simply('p256', { group: 'P-256' }),
  simply('p384', { group: 'P-384' }),
  simply('p521', { group: 'P-521' }),
  simply('sig-inside-model', { inside: true }),
  simply('simple'),
  simply('simple-deterministic'),
  key('single-file', 'single-file', { signed: ['model.bin'] }),
  key('special-chars-path', 'special-chars'),
  simply('symlink-cycle', { links: { 'cycle-link': '.' }, isRefused: true }),
  simply('symlink-default-rejected', { links: { 'link-to-signme': 'signme-1' }, isRefused: true }),
  simply('symlink-outside-root', {
    links: { 'outside-link': '/tmp/nonexistent-target' },
    isRefused: true,
  }),
  key('unicode-filename', 'unicode-names'),
]

export type Change =
  /** The whole file, or its beginning. */
  | { readonly text: string }
  | { readonly first: number }
  /** A place in the bundle, or in what is signed; without a value it is taken away. */
  | { readonly path: string; readonly in?: 'payload'; readonly value?: unknown }

interface Spoiled {
  readonly id: string
  readonly signedAs: 'key' | 'certificate'
  readonly verifiedAs: 'key' | 'certificate' | 'sigstore'
  readonly by?: string
  readonly change?: Change
  /** Content in place of what was signed; null: the file is gone. */
  readonly files?: Readonly<Record<string, string | null>>
  readonly unsigned?: boolean
  /** It must verify. */
  readonly isFine?: boolean
}

const spoiled = (id: string, change: Change): Spoiled => ({
  id,
  signedAs: 'key',
  verifiedAs: 'key',
  change,
})
const over = (id: string, files: Spoiled['files'], unsigned = false): Spoiled => ({
  id,
  signedAs: 'key',
  verifiedAs: 'key',
  files: files ?? {},
  unsigned,
})

export const SPOILED: readonly Spoiled[] = [
  { ...over('key-simple-ignore-unsigned-files', { 'extra.bin': 'added' }, true), isFine: true },
  {
    id: 'certificate-simple-wrong-ca',
    signedAs: 'certificate',
    verifiedAs: 'certificate',
    by: 'wrong',
  },
  { id: 'certificate-verify-as-key', signedAs: 'certificate', verifiedAs: 'key' },
  { id: 'certificate-verify-as-sigstore', signedAs: 'certificate', verifiedAs: 'sigstore' },
  { id: 'key-verify-as-certificate', signedAs: 'key', verifiedAs: 'certificate' },
  { id: 'key-verify-as-sigstore', signedAs: 'key', verifiedAs: 'sigstore' },
  { id: 'key-simple-wrong-key', signedAs: 'key', verifiedAs: 'key', by: 'wrong' },
  over('key-missing-file-with-ignore-unsigned', { 'signme-2': null }, true),
  over('key-tampered-with-ignore-unsigned', { 'signme-1': 'TAMPERED CONTENT\n' }, true),
  over('key-simple-extra-file', { 'injected.bin': 'injected after signing\n' }),
  over('key-simple-missing-file', { 'signme-2': null }),
  over('key-simple-tampered-content', { 'signme-1': 'TAMPERED CONTENT\n' }),
  spoiled('key-simple-corrupted-bundle', { text: '{"garbage": true}' }),
  spoiled('key-simple-truncated-bundle', { first: 100 }),
  spoiled('malformed-empty-bundle', { text: '' }),
  spoiled('malformed-missing-envelope', { path: 'dsseEnvelope' }),
  spoiled('key-simple-empty-resources', { in: 'payload', path: 'predicate.resources', value: [] }),
  spoiled('key-simple-missing-serialization', { in: 'payload', path: 'predicate.serialization' }),
  spoiled('key-simple-no-signature', { path: 'dsseEnvelope.signatures', value: [] }),
  spoiled('key-simple-wrong-mediatype', { path: 'mediaType', value: 'application/json' }),
  spoiled('key-simple-wrong-payload-type', {
    path: 'dsseEnvelope.payloadType',
    value: 'application/octet-stream',
  }),
  spoiled('key-simple-wrong-statement-type', {
    in: 'payload',
    path: '_type',
    value: 'https://in-toto.io/Statement/v0.1',
  }),
  spoiled('malformed-wrong-predicate', {
    in: 'payload',
    path: 'predicateType',
    value: 'https://example.com/wrong-predicate/v1.0',
  }),
]

type Lasts = 'now' | 'past' | 'future'

interface CertificateCase {
  readonly group: string
  readonly root: Lasts
  readonly between: Lasts
  readonly leaf: Lasts
  readonly codeSigning: boolean
}

const chain = (group: string, root: Lasts, between: Lasts, leaf: Lasts): CertificateCase => ({
  group,
  root,
  between,
  leaf,
  codeSigning: true,
})

/** Chains by which nothing may be verified. */
export const CERTIFICATE_CASES: readonly CertificateCase[] = [
  { ...chain('no-code-signing-eku', 'now', 'now', 'now'), codeSigning: false },
  chain('expired', 'now', 'now', 'past'),
  chain('not-yet-valid', 'now', 'now', 'future'),
  chain('expired-intermediate', 'now', 'past', 'now'),
  chain('expired-root', 'past', 'now', 'now'),
  chain('all-expired', 'past', 'past', 'past'),
  chain('not-yet-valid-intermediate', 'now', 'future', 'now'),
  chain('expired-intermediate-expired-leaf', 'now', 'past', 'past'),
]
