import { type Server, type Socket, connect, createServer } from 'node:net'

/** Which part of a message's way is cut, for the next message that matches. The connection is gone after it. */
export interface Loss {
  readonly lost: 'request' | 'answer'
  readonly message: RegExp
}

/** Sits between a client and a PostgreSQL server, reads what the server answers, and cuts connections on request. */
export class PostgresWire {
  /** Leads to the server through here. */
  readonly url: string
  /** How often the server said that it is ready for the next message, but for the first time on each connection. */
  roundTrips = 0
  /** That the server sent after each connection was made. */
  bytes = 0
  loss: Loss | undefined
  readonly #server: Server
  /** Client and server side of each connection. */
  readonly #pairs = new Map<Socket, Socket>()

  private constructor(url: string, server: Server) {
    this.url = url
    this.#server = server
  }

  static async before(target: string): Promise<PostgresWire> {
    const { hostname, port } = new URL(target)
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const url = new URL(target)
    url.hostname = '127.0.0.1'
    url.port = String(typeof address === 'object' ? address?.port : '')
    const wire = new PostgresWire(url.href, server)
    server.on('connection', (client) => wire.#carry(client, connect(Number(port || 5432), hostname)))
    return wire
  }

  /** Cuts all connections as a broken network does: the server hears nothing of it, and goes on. */
  cut(): void {
    for (const [client, server] of this.#pairs) {
      client.removeAllListeners('close')
      server.removeAllListeners('data').resume()
      client.destroy()
    }
  }

  close(): Promise<void> {
    for (const server of this.#pairs.values()) server.destroy()
    return new Promise((resolve) => this.#server.close(() => resolve()))
  }

  #carry(client: Socket, server: Socket): void {
    this.#pairs.set(client, server)
    let isLosing = false
    let pending = Buffer.alloc(0)
    let ready = 0
    const cut = (): void => {
      client.destroy()
      server.destroy()
    }
    client.on('data', (chunk) => {
      const { loss } = this
      if (loss?.message.test(chunk.toString('latin1'))) {
        this.loss = undefined
        if (loss.lost === 'request') return cut()
        isLosing = true
      }
      server.write(chunk)
    })
    server.on('data', (chunk) => {
      pending = Buffer.concat([pending, chunk])
      if (ready > 0) this.bytes += chunk.length
      for (let length = messageLength(pending); length !== undefined; length = messageLength(pending)) {
        const isReady = pending[0] === READY_FOR_QUERY
        pending = pending.subarray(length)
        if (isReady && ready++ > 0) this.roundTrips++
        if (isReady && isLosing) return cut()
      }
      if (!isLosing) client.write(chunk)
    })
    for (const [one, other] of [[client, server] as const, [server, client] as const]) {
      one.on('error', () => other.destroy())
      one.on('close', () => other.destroy())
    }
  }
}

const READY_FOR_QUERY = 'Z'.charCodeAt(0)

/** Of the first message in a buffer, with its type; `undefined` while it is not whole (protocol, section 55.7). */
function messageLength(buffer: Buffer): number | undefined {
  if (buffer.length < 5) return undefined
  const length = buffer.readInt32BE(1) + 1
  return buffer.length < length ? undefined : length
}
