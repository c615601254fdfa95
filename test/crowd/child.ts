// One of many processes. It reads lines: a placement and a task, to which it answers `ready` when it is connected; `go`, to
// which it answers how the run ended; and ends when there are no more.
import { createInterface } from 'node:readline'
import { readPlacement } from '../faults/scenario.ts'
import { type Member, type Task, joined } from './member.ts'
import { withNodeSqlite } from './node-sqlite.ts'

const say = (line: string): void => void process.stdout.write(`${line}\n`)

let member: Member | undefined
for await (const line of createInterface({ input: process.stdin })) {
  if (line !== 'go') {
    const { placement: written, task } = JSON.parse(line) as { readonly placement: string; readonly task: Task }
    const placement = readPlacement(written)
    member = await joined(task.driver === 'node-sqlite' ? withNodeSqlite(placement) : placement, task)
    say('ready')
  } else {
    const report = await member?.go()
    await member?.end()
    say(JSON.stringify(report))
  }
}
