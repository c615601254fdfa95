import type { Entry, GenesisData, IntentData, SealedData, SettledData, UpData } from './entry.ts'

// `unreadable` has looked at the data of every entry that was read.

/** The data of a `genesis` entry. */
export function genesisData({ data }: Entry): GenesisData {
  return data as GenesisData
}

/** The data of an `up`, `down` or `step` entry. */
export function upData({ data }: Entry): UpData {
  return data as UpData
}

/** Whether an entry that stands says that its migration is applied. */
export function isApplied({ kind, data }: Entry): boolean {
  return kind === 'up' || Object(data).applied === true
}

/** The data of a `settled` entry. */
export function settledData({ data }: Entry): SettledData {
  return data as SettledData
}

/** The data of a `sealed` entry. */
export function sealedData({ data }: Entry): SealedData {
  return data as SealedData
}

/** The data of an `intent` entry. */
export function intentData({ data }: Entry): IntentData {
  return data as IntentData
}
