import { z } from 'zod'
import { preferredLanguage } from '#kernel/language.ts'
import type { Language } from '#kernel/refusal-messages.ts'
import type { Finding } from '#kernel/label.ts'
import type { Choice, FactsOfCaller } from '#kernel/verdict.ts'
import { explainRefused, explainVerdict } from '#policy/explain.ts'
import { dutyViews } from '#policy/explain-duties.ts'
import { callerFacts } from '#policy/facts.ts'
import { createAllowance, unitsOf } from '../classify/allowance.ts'
import type { GatewayHouse } from '../ports.ts'
import { adminAnswer, adminRefusal } from './answer.ts'
import { adminBody } from './body.ts'
import { decideText, type DecidingHouse } from './decide-text.ts'
import type { AdminRoute } from './routes.ts'

const Question = z.strictObject({
  text: z.string(),
  model: z.string().min(1).max(200).default('auto'),
})

/** `POST /api/explain`: the label and the verdict of a text, with the reasons; nothing is sent, nothing recorded. */
export function explainRoute(route: AdminRoute, house: GatewayHouse): void {
  const allowance = createAllowance({ clock: house.clock })
  route('POST', '/explain', 'classify', async (request, reply, caller) => {
    const bytes = request.body instanceof Uint8Array ? request.body.length : 0
    const allowed = allowance(caller.keyId, unitsOf(bytes))
    if (!allowed.ok) return adminRefusal(request, reply, allowed.error)
    const body = adminBody(request, Question)
    if (!body.ok) return adminRefusal(request, reply, body.error)
    const { text, model } = body.value
    const language = preferredLanguage(request.headers['accept-language'])
    const { tenant } = caller
    const asked = { text, model, language, tenant, caller: callerFacts(caller) }
    return adminAnswer(reply, await explainText(house, asked))
  })
}

export interface Explained {
  readonly text: string
  readonly model: string
  readonly language: Language
  readonly tenant: string
  /** Rules of keys, teams, applications, people and purposes speak of them. */
  readonly caller: FactsOfCaller
}

/** The answer of `route --explain` and of the page, by the contract of both. */
export async function explainText(
  house: DecidingHouse & Pick<GatewayHouse, 'explainFinding'>,
  asked: Explained,
): Promise<object> {
  const { language } = asked
  const { label, findings, verdict, masked } = await decideText(house, asked)
  return {
    label: { ...label, findings: findings.map((finding) => findingView(finding, house, language)) },
    chosen: verdict.chosen && choiceView(verdict.chosen),
    allowed: verdict.allowed.map(choiceView),
    refused: verdict.refused.map((refused) => ({
      ...refused,
      explanation: explainRefused(refused, verdict, language),
    })),
    duties: dutyViews(verdict.duties, language),
    masked,
    policyVersion: verdict.policyVersion,
    explanation: explainVerdict(verdict, language),
  }
}

const choiceView = ({
  destination,
  model,
  zone,
  costEuro,
  tokensPerSecond,
  figures,
  masked,
}: Choice): object => ({
  destination: destination.id,
  model: model.name,
  zone,
  jurisdiction: destination.jurisdiction,
  costEuro,
  tokensPerSecond,
  ...(figures ? { figures } : {}),
  ...weightsView(model),
  ...(masked ? { masked: masked.label } : {}),
})

/** Where the weights of a model stand, and how that is known; nothing where nobody says. */
export const weightsView = ({ weights, attested, digest, stopped }: Choice['model']): object => ({
  ...(weights ? { weights } : {}),
  ...(attested ? { attested } : {}),
  ...(digest ? { digest } : {}),
  ...(stopped ? { stopped } : {}),
})

const findingView = (
  finding: Finding,
  house: Pick<GatewayHouse, 'explainFinding'>,
  language: Language,
): object => ({
  type: finding.type,
  rule: finding.rule,
  start: finding.start,
  end: finding.end,
  confidence: finding.confidence,
  explanation: house.explainFinding(finding, language),
})
