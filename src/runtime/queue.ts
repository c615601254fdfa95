const tails = new WeakMap<object, { readonly place: number; tail: Promise<void> }>()
let places = 0

function queueOf(client: object): { readonly place: number; tail: Promise<void> } {
  const known = tails.get(client)
  if (known) return known
  const made = { place: places++, tail: Promise.resolve() }
  tails.set(client, made)
  return made
}

/**
 * Runs `work` while no other work of this process uses any of `clients`: a second run on the same connection would
 * otherwise read and write inside the first one's transaction. Queues are entered in one fixed order, so that two units
 * over the same clients cannot wait for each other. Work must not enter a queue that it already holds.
 */
export async function exclusively<T>(clients: readonly object[], work: () => Promise<T>): Promise<T> {
  const queues = [...new Set(clients.map(queueOf))].toSorted((a, b) => a.place - b.place)
  const leaves: (() => void)[] = []
  for (const queue of queues) {
    const before = queue.tail
    const { promise, resolve } = deferred()
    queue.tail = before.then(() => promise)
    leaves.push(resolve)
    await before
  }
  try {
    return await work()
  } finally {
    for (const leave of leaves) leave()
  }
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => {}
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
