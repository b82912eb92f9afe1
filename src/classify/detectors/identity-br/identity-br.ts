import { cnpjCheck, cpfCheck } from '../../checks/american.ts'
import type { Detector } from '../../scan/detector.ts'
import type { LoneRule } from '../../scan/find-alone.ts'

/** CPF and CNPJ: Receita Federal do Brasil, Instruções Normativas 1.548/2015 and 2.229/2024. Two digits each by mod 11: one random number in 121 passes. Retrieved 2026-11-21. */
export const BR_RULES: readonly LoneRule[] = [
  {
    type: 'BR_CPF',
    rule: 'br-cpf',
    group: 'br-cpf',
    shape: /(?<![\d-])\d{3}\.?\d{3}\.?\d{3}[-/ ]?\d{2}(?![\d-])/g,
    check: cpfCheck,
    checkName: 'mod 11, twice',
    confidence: 0.95,
    country: 'BR',
    alone: 0.6,
  },
  {
    type: 'BR_CNPJ',
    rule: 'br-cnpj',
    group: 'br-cnpj',
    shape: /(?<![A-Za-z\d-])[A-Z\d]{2}\.?[A-Z\d]{3}\.?[A-Z\d]{3}\/?[A-Z\d]{4}-?\d{2}(?![\d-])/g,
    check: cnpjCheck,
    checkName: 'mod 11, twice',
    confidence: 0.95,
    country: 'BR',
    alone: 0.6,
  },
]

const words = (name: string, list: string) =>
  ({ name, standing: 'stem', words: list.split('|') }) as const

/** Taxpayers of Brazil: persons (CPF) and companies (CNPJ, a public register). */
export const identityBr: Detector = {
  id: 'identity-br',
  acrossParts: true,
  literals: [
    words(
      'br-cpf',
      'cpf|cadastro de pessoas físicas|contribuinte|brazilian tax|numéro fiscal brésilien|pessoa física',
    ),
    words(
      'br-cnpj',
      'cnpj|cadastro nacional da pessoa jurídica|pessoa jurídica|brazilian company|empresa',
    ),
  ],
  near: BR_RULES,
}
