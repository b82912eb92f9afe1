import type { Component, ComponentState } from './family.ts'
import type { OpennessLevel } from './grade.ts'

/** One sentence in both languages. */
export type Said = Readonly<Record<'en' | 'fr', string>>

/** What each level is. */
export const LEVEL_WORDS: Readonly<Record<OpennessLevel, Said>> = {
  1: { en: 'no access from outside', fr: "aucun accès de l'extérieur" },
  2: { en: 'an API only', fr: 'une API seulement' },
  3: { en: 'weights can be downloaded', fr: 'les poids se téléchargent' },
  4: {
    en: 'weights, and some of how they were made',
    fr: 'les poids, et une part de leur fabrication',
  },
  5: {
    en: 'weights, training code and a full account of the data',
    fr: "les poids, le code d'entraînement et un compte rendu complet des données",
  },
  6: { en: 'everything, data sets included', fr: 'tout, jeux de données compris' },
}

/** The parts of a model, and what can hold it back beside them. */
export const COMPONENT_WORDS: Readonly<Record<Component | 'licence', Said>> = {
  weights: { en: 'weights', fr: 'poids' },
  checkpoints: { en: 'checkpoints', fr: 'points de reprise' },
  inference_code: { en: 'inference code', fr: "code d'inférence" },
  training_code: { en: 'training code', fr: "code d'entraînement" },
  data_processing_code: { en: 'data processing code', fr: 'code de traitement des données' },
  evaluation: { en: 'evaluation', fr: 'évaluation' },
  training_data: { en: 'training data', fr: "données d'entraînement" },
  finetuning_data: { en: 'tuning data', fr: "données d'ajustement" },
  data_information: { en: 'data information', fr: 'information sur les données' },
  paper: { en: 'paper', fr: 'article' },
  model_card: { en: 'model card', fr: 'fiche du modèle' },
  licence: { en: 'licence', fr: 'licence' },
}

/** The states of a part, as they count. */
export const STATE_WORDS: Readonly<Record<ComponentState, Said>> = {
  open: { en: 'open', fr: 'ouvert' },
  partial: { en: 'partial', fr: 'partiel' },
  closed: { en: 'closed', fr: 'fermé' },
  unknown: { en: 'unknown', fr: 'inconnu' },
}
