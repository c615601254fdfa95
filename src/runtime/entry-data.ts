import type { Entry, GenesisData, SettledData, UpData } from './entry.ts'

// `unreadable` has looked at the data of every entry that was read.

/** The data of a `genesis` entry. */
export function genesisData({ data }: Entry): GenesisData {
  return data as GenesisData
}

/** The data of an `up` entry. */
export function upData({ data }: Entry): UpData {
  return data as UpData
}

/** The data of a `settled` entry. */
export function settledData({ data }: Entry): SettledData {
  return data as SettledData
}
