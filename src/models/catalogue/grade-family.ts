import type { Family } from './family.ts'
import { statesOf } from './find-family.ts'
import { grade, type Grade } from './grade.ts'

/** The grade of a row of the catalogue, from its evidence; what is offered by invitation alone counts as not offered. */
export const gradeOf = (family: Family): Grade =>
  grade(statesOf(family), family.letter, family.access === undefined)
