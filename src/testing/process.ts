// One of the processes of a test: node process.js <URL of the fixture> <key>. Commands and answers go over IPC.
import type { Command } from './command.ts'
import { importFixture } from './fixture.ts'
import type { Message } from './other-process.ts'
import { workerOn } from './worker.ts'

const [url = '', key = ''] = process.argv.slice(2)
const fixture = await importFixture(url)
const worker = workerOn(await fixture.open(key))

process.on('message', (command: Command) => {
  void worker.ask(command).then(
    (answer) => send({ answer: answer ?? null }),
    (error) => send({ error: error instanceof Error ? `${error.stack}` : String(error) }),
  )
})
// Nobody is there any more to ask for anything.
process.on('disconnect', () => process.exit())

function send(message: Message): void {
  process.send?.(message)
}
