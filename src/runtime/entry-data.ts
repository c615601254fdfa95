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

/** UUID of the store that has the state instead of the one with these entries, the last `sealed` one says. */
export function movedTo(entries: readonly Entry[]): SealedData['to'] | undefined {
  const sealed = entries.findLast(({ kind }) => kind === 'sealed')
  return (sealed?.data as SealedData | undefined)?.to
}

/** The data of an `intent` entry. */
export function intentData({ data }: Entry): IntentData {
  return data as IntentData
}
