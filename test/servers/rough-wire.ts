import { type Socket, connect, createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/**
 * How connections behave. `after`: bytes that pass before it breaks, in the direction that is named. What is reset is reset
 * once, what is silent stays so. `trickle`: one byte, and a pause after it.
 */
export type Roughness =
  | { readonly kind: 'whole' }
  | { readonly kind: 'split'; readonly size: number }
  | { readonly kind: 'trickle'; readonly pause: number }
  | { readonly kind: 'reset'; readonly towards: 'server' | 'client'; readonly after: number }
  | { readonly kind: 'silent'; readonly after: number }

export interface RoughWire {
  readonly url: string
  roughness: Roughness
  /** Bytes since it was last asked for, by direction. */
  taken(): { readonly server: number; readonly client: number }
  stop(): void
}

/** Stands between clients and a server, and is no good network. */
export async function roughWire(target: string): Promise<RoughWire> {
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  const passed = { server: 0, client: 0 }
  const server = createServer((client) => {
    const upstream = connect(Number(port || 5432), hostname)
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true)
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
    }
    pass(client, upstream, 'server')
    pass(upstream, client, 'client')
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
  })
  const pass = (from: Socket, to: Socket, towards: 'server' | 'client'): void => {
    let sent = Promise.resolve()
    const trickle = async (chunk: Buffer, pause: number): Promise<void> => {
      for (const byte of chunk) {
        to.write(Buffer.of(byte))
        await delay(pause)
      }
    }
    from.on('data', (chunk) => {
      const { roughness } = wire
      const before = passed[towards]
      passed[towards] += chunk.length
      if (roughness.kind === 'silent' && passed.server + passed.client > roughness.after) return
      if (roughness.kind === 'reset' && roughness.towards === towards && before + chunk.length > roughness.after) {
        wire.roughness = { kind: 'whole' }
        to.write(chunk.subarray(0, Math.max(0, roughness.after - before)))
        to.destroySoon()
        from.resetAndDestroy()
        return
      }
      if (roughness.kind === 'trickle') {
        sent = sent.then(() => trickle(chunk, roughness.pause))
        return
      }
      const size = roughness.kind === 'split' ? roughness.size : chunk.length
      for (let at = 0; at < chunk.length; at += size) to.write(chunk.subarray(at, at + size))
    })
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const url = new URL(target)
  url.hostname = '127.0.0.1'
  url.port = String(typeof address === 'object' ? address?.port : '')
  const wire: RoughWire = {
    url: url.href,
    roughness: { kind: 'whole' },
    taken() {
      const taken = { ...passed }
      passed.server = passed.client = 0
      return taken
    },
    stop() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
  return wire
}
