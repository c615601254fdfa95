import { type Socket, connect, createServer } from 'node:net'

export interface TcpProxy {
  readonly port: number
  /** What clients sent, as it came. Clear it at will. */
  readonly sent: string[]
  /** What the server answered. */
  readonly answered: string[]
  /** Lets the next message with `text` through and breaks the connection instead of passing on its answer. Tells whether it did. */
  loseAnswerTo(text: string): () => boolean
  /** Keeps the next message with `text`, and all that follow on its connection, until `release`. */
  hold(text: string): { readonly arrived: Promise<void>; release(): void }
  stop(): void
}

/** Stands between clients and a server of this host. */
export async function tcpProxy(target: number): Promise<TcpProxy> {
  const sent: string[] = []
  const answered: string[] = []
  const sockets = new Set<Socket>()
  let lost: string | undefined
  let held: { readonly text: string; take(client: Socket, forward: () => void): void } | undefined

  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1')
    let isCut = false
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
    }
    client.on('data', (data) => {
      const text = data.toString()
      sent.push(text)
      if (lost !== undefined && text.includes(lost)) {
        lost = undefined
        isCut = true
      }
      if (held && text.includes(held.text)) {
        const { take } = held
        held = undefined
        take(client, () => upstream.write(data))
      } else upstream.write(data)
    })
    upstream.on('data', (data) => {
      answered.push(data.toString())
      if (isCut) client.destroy()
      else client.write(data)
    })
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
  })
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { readonly port: number }).port))
  })

  return {
    port,
    sent,
    answered,
    loseAnswerTo(text) {
      lost = text
      return () => lost === undefined
    },
    hold(text) {
      let release = (): void => {}
      const arrived = new Promise<void>((resolve) => {
        held = {
          text,
          take(client, forward) {
            client.pause()
            release = () => {
              forward()
              client.resume()
            }
            resolve()
          },
        }
      })
      return { arrived, release: () => release() }
    },
    stop() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
