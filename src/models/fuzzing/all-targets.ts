import { ALLOWED, newSigstore } from '../signing/sigstore.fixture.ts'
import { newModelFolder } from './model-folder.ts'
import { documentTargets } from './document-targets.ts'
import { fileTargets } from './file-targets.ts'
import type { FuzzTarget } from './fuzz-target.ts'
import { signingTargets } from './signing-targets.ts'
import { weightsTargets } from './weights-targets.ts'

/** Every parser of the models' rooms; `folder` is theirs to write in. */
export async function allTargets(folder: string): Promise<readonly FuzzTarget[]> {
  const sigstore = await newSigstore()
  const model = await newModelFolder(folder)
  const bundles = [await sigstore.bundleOf(model), await sigstore.bundleOfSecondLog(model)]
  const certificates = bundles.map((text) => {
    const bundle = JSON.parse(text)
    return Buffer.from(String(bundle.verificationMaterial.certificate.rawBytes), 'base64')
  })
  return [
    ...weightsTargets(),
    ...signingTargets({ bundles, root: sigstore.root, identity: ALLOWED, certificates }),
    ...documentTargets(),
    ...fileTargets(folder),
  ]
}
