const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Whether a month has such a day in some year. */
export const isDay = (month: number, day: number): boolean =>
  day >= 1 && day <= (DAYS[month - 1] ?? 0)

/** Whether DDMM at the start of `digits` is a day of the year. */
export const startsWithDayMonth = (digits: string): boolean =>
  isDay(Number(digits.slice(2, 4)), Number(digits.slice(0, 2)))

/** Whether MMDD at `at` is a day of the year, `monthShift` and `dayShift` being subtracted in steps where a number hides something in them. */
export function hasMonthDay(
  digits: string,
  at: number,
  monthShifts: readonly number[] = [0],
  dayShifts: readonly number[] = [0],
): boolean {
  const month = Number(digits.slice(at, at + 2))
  const day = Number(digits.slice(at + 2, at + 4))
  return monthShifts.some((m) => dayShifts.some((d) => isDay(month - m, day - d)))
}
