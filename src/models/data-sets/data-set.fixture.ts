import { DataSetFields, type DataSet } from './data-set.ts'

/** A data set of a company, with what a test says of it. */
export const sampleDataSet = (more: Partial<DataSet> = {}): DataSet => ({
  name: 'tickets',
  version: '2026-06',
  ...DataSetFields.parse({ origin: 'Tickets of 2025', location: 's3://data/tickets.jsonl' }),
  ...more,
})
