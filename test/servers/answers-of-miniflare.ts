import workerThreads, { type MessagePort } from 'node:worker_threads'

/** In ms: longer than any answer takes. */
const LONGEST = 30_000
const receive = workerThreads.receiveMessageOnPort

function receivePatiently(port: MessagePort): ReturnType<typeof receive> {
  const end = performance.now() + LONGEST
  const idle = new Int32Array(new SharedArrayBuffer(4))
  for (;;) {
    const message = receive(port)
    if (message || performance.now() > end) return message
    Atomics.wait(idle, 0, 0, 1)
  }
}

/**
 * Miniflare's synchronous calls may be woken by the end of the call before, take the answer that is not there yet for a
 * fault, and all later ones for each other. From now on they wait for their answer.
 */
export function awaitAnswers(): void {
  workerThreads.receiveMessageOnPort = receivePatiently
}
