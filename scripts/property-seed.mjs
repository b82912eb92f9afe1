// Loaded before tests with properties: generated input follows from the seed that the runner tells.
import fc from 'fast-check'

const seed = Number(process.env.ECLUSE_TEST_SEED)
if (Number.isSafeInteger(seed)) fc.configureGlobal({ seed })
