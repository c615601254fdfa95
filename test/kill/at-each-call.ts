const WORKERS = 2

/**
 * Lets attempts meet their end at their 1st call, and at every `step`th after it, until one completes.
 *
 * @param attempt whether it was ended before it was done
 * @returns how many were
 */
export async function atEachCall(step: number, attempt: (at: number) => Promise<boolean>): Promise<number> {
  let next = 1
  let ended = 0
  let isDone = false
  const worker = async (): Promise<void> => {
    while (!isDone) {
      const at = next
      next += step
      if (await attempt(at)) ended++
      else isDone = true
    }
  }
  await Promise.all(Array.from({ length: WORKERS }, worker))
  return ended
}
