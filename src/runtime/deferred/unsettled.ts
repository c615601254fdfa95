import type { Entry } from '../entry.ts'
import { settledData, upData } from '../entry-data.ts'
import type { Storage } from '../storage.ts'

/** Own `up` entries of a storage whose staged work is not in place, oldest first. */
export function unsettled({ markers, settled }: Storage): readonly Entry[] {
  const serials = new Set(settled.map((entry) => settledData(entry)).map(({ target, serial }) => `${target}/${serial}`))
  return [...markers.values()].filter((up) => upData(up).redo.length > 0 && !serials.has(`${up.target}/${up.serial}`))
}

/** Whether a storage's log tells that what an `up` entry announced is in place there. */
export function hasSettled({ settled }: Storage, up: Entry): boolean {
  return settled.some((entry) => {
    const { target, serial } = settledData(entry)
    return target === up.target && serial === up.serial
  })
}
