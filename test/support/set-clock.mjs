// Loaded before the program (NODE_OPTIONS=--import): a machine whose clock is wrong by the milliseconds in a file, which
// may change while it runs. Monotonic time goes on as it does.
import { readFileSync } from 'node:fs'

const file = process.env['TEST_CLOCK_FILE']
const RealDate = Date
const realNow = RealDate.now.bind(RealDate)
let wrongBy = 0
const look = () => {
  const read = Number(readFileSync(file, 'utf8'))
  if (Number.isFinite(read)) wrongBy = read
}
if (file) {
  look()
  setInterval(look, 20).unref()
  globalThis.Date = class Date extends RealDate {
    constructor(...given) {
      if (given.length === 0) super(realNow() + wrongBy)
      else super(...given)
    }
    static now() {
      return realNow() + wrongBy
    }
  }
}
