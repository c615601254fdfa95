// node --require kill-at.cjs …: counts what the process asks of its storages, and kills it before call KILL_AT, or sends
// it KILL_SIGNAL there, which it hears of while the call is under way; then the calls are those after it says that it
// listens.
// Counted are the functions and file handles of node:fs/promises, the statements of better-sqlite3 (where BETTER_SQLITE3
// leads to it), and what is written to servers.
// A process that ends by itself prints how many calls it made, as the last line on standard error.
const fs = require('node:fs')
const { syncBuiltinESMExports } = require('node:module')
const net = require('node:net')

const limit = Number(process.env.KILL_AT ?? Infinity)
const { KILL_SIGNAL = 'SIGKILL' } = process.env
let isCounting = KILL_SIGNAL === 'SIGKILL'
let calls = 0
process.once('count calls from here', () => {
  isCounting = true
})

function count() {
  if (!isCounting) return
  calls += 1
  if (calls === limit) process.kill(process.pid, KILL_SIGNAL)
}

/** Replaces methods by ones that count; `after` sees what they answer. */
function watch(object, names, after = (answer) => answer) {
  for (const name of names) {
    const original = object[name]
    if (typeof original !== 'function') continue
    object[name] = function (...parameters) {
      count()
      return after(Reflect.apply(original, this, parameters))
    }
  }
}

const HANDLE = ['read', 'readFile', 'write', 'writeFile', 'sync', 'datasync', 'truncate', 'stat', 'close']
const OTHERS = Object.keys(fs.promises).filter((name) => name !== 'open' && name !== 'constants' && name !== 'watch')
watch(fs.promises, OTHERS)
watch(fs.promises, ['open'], async (opening) => {
  const handle = await opening
  watch(handle, HANDLE)
  return handle
})
syncBuiltinESMExports()

if (process.env.BETTER_SQLITE3 !== undefined) {
  const Database = require(process.env.BETTER_SQLITE3)
  const prepare = Database.prototype.prepare
  watch(Database.prototype, ['exec'])
  Database.prototype.prepare = function (text) {
    const statement = Reflect.apply(prepare, this, [text])
    watch(statement, ['run', 'all', 'get'])
    return statement
  }
}

// Standard output may be a socket too, of another kind. A message with parameters is several writes, of which the last,
// Sync, is the one that the server acts on.
const write = net.Socket.prototype.write
net.Socket.prototype.write = function (chunk, ...rest) {
  if (this.remotePort !== undefined && !this.writableCorked) count()
  return Reflect.apply(write, this, [chunk, ...rest])
}

process.on('exit', () => console.error(`calls: ${calls}`))
