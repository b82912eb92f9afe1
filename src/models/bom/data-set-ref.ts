import { dataSetId, type DataSet } from '../data-sets/data-set.ts'

/** What a registered data set is called inside a bill. */
export const dataSetRef = (dataSet: Pick<DataSet, 'name' | 'version'>): string =>
  `dataset:${dataSetId(dataSet)}`
