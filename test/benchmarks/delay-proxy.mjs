import { connect, createServer } from 'node:net'

/**
 * Stands before a server as if it were far away: whatever is sent, in either direction, arrives half a round trip later.
 *
 * @param {{ readonly host: string, readonly port: number }} target
 * @param {number} roundTrip in ms
 * @returns {Promise<{ readonly port: number, taken(): { readonly trips: number, readonly bytes: number }, stop(): void }>}
 * `trips`: how often a client spoke after it had heard the server, `bytes`: that the server sent; since it was last asked
 */
export async function delayProxy(target, roundTrip) {
  const sockets = new Set()
  let trips = 0
  let bytes = 0
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ ...target, noDelay: true })
    let hasHeard = true
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
    }
    // A timer per chunk: timers of one length keep their order.
    const later = (work) => setTimeout(work, roundTrip / 2)
    client.on('data', (chunk) => {
      // Nobody answers `Terminate`.
      if (hasHeard && chunk[0] !== 'X'.charCodeAt(0)) trips++
      hasHeard = false
      later(() => upstream.write(chunk))
    })
    upstream.on('data', (chunk) => {
      hasHeard = true
      bytes += chunk.length
      later(() => client.write(chunk))
    })
    client.on('close', () => later(() => upstream.destroy()))
    upstream.on('close', () => later(() => client.destroy()))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: server.address().port,
    taken() {
      const taken = { trips, bytes }
      trips = bytes = 0
      return taken
    },
    stop() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
