const tails = new WeakMap<object, Promise<void>>()

/**
 * Runs `work` while no other work of this process uses any of `clients`: a second run on the same connection would
 * otherwise read and write inside the first one's transaction. All queues are entered in one synchronous step, so two
 * units over the same clients cannot wait for each other. Work must not enter a queue that it already holds.
 */
export function exclusively<T>(clients: readonly object[], work: () => Promise<T>): Promise<T> {
  const answer = Promise.all(clients.map((client) => tails.get(client))).then(work)
  const ended = (): void => {}
  const tail = answer.then(ended, ended)
  for (const client of clients) tails.set(client, tail)
  return answer
}
