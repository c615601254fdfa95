import type { Script, Strategy } from '../../runtime/adapter.ts'
import type { Limits } from '../../runtime/deadline.ts'
import { scriptRunner } from '../../runtime/scripts/strategy.ts'
import { strategy } from '../../runtime/strategies.ts'
import { acceptsScript } from '../sql-handle/accepts-script.ts'
import { rowOf } from '../sql-log/entry-row.ts'
import { logStatements } from '../sql-log/statements.ts'
import { type PostgresAdapter, isPostgres } from './adapter.ts'
import type { PostgresConnection } from './connection.ts'
import { LIMITS } from './limits.ts'
import { literal } from './literal.ts'
import { type PostgresLog, lockKey } from './log.ts'
import { BEGIN } from './session.ts'
import { SETTINGS, restoring } from './settings.ts'

const MS = 'unplugin_migrations_ms'
/** Shorter than the server takes to look for deadlocks, which would end what others run (CREATE INDEX CONCURRENTLY). */
const WAIT = "SET LOCAL lock_timeout='500ms'"
/** In seconds. */
const NOW = 'extract(epoch FROM clock_timestamp())'

/** Limits of servers that have them, since 17 and 14; that a client is gone not every system can tell. */
const NEWER_LIMITS = `SELECT string_agg(concat('SET LOCAL ', key, '=', value), ';') FROM json_each_text('{"transaction_timeout":0,"client_connection_check_interval":500}') WHERE current_setting(key, true) <> '' AND (version() ~ 'linux' OR key !~ '^client')`
const REMEMBER = `SELECT (${SETTINGS}) AS settings, (${NEWER_LIMITS}) AS limits`

/** The answer to `REMEMBER`. */
interface Remembered {
  /** Of the session, as a JSON object. */
  readonly settings: string
  /** Statements. */
  readonly limits: string
}

/**
 * The first message begins the first script's transaction as that of any migration begins, so that it never waits inside
 * a statement while others are at work; the second holds all the rest. A message is parsed as a whole before anything of
 * it runs, and whatever fails stops what follows it.
 */
async function send(
  { database, log, limits }: PostgresAdapter,
  scripts: readonly Script[],
): Promise<readonly number[] | 'stopped' | 'lost'> {
  const [first, ...others] = scripts
  if (!first) return []
  const limit: Limits['limit'] = limits?.limit ?? ((_, call) => call)
  const connecting = database.connect()
  const connection = await limit('open', connecting).catch((error: unknown) => {
    void connecting.then((one) => one.release('same')).catch(() => {})
    throw error
  })
  let session: 'same' | 'changed' = 'changed'
  const giveUp = async (): Promise<void> => {
    await connection.script('ROLLBACK')
    session = 'same'
  }
  try {
    const remembered = await limit('begin', begin(connection, log, first, giveUp))
    if (remembered === 'taken') return 'stopped'
    const units = [
      `${startOf(log, first)};${body(log, first, remembered)}`,
      ...others.map((script) => `${opening(log, script)};${body(log, script, remembered)}`),
    ]
    // A server that crashes may lose the last ones, each with its entry, until the very last is on stable storage.
    const message = `${units.join(';SET LOCAL synchronous_commit = off;COMMIT;')};COMMIT`
    const results = await connection.script(message).catch(() => undefined)
    if (!results) return await stopped(connection, limit)
    session = 'same'
    return results.flat().flatMap((row) => (MS in row ? Number(row[MS]) : []))
  } finally {
    await connection.release(session)
  }
}

/** An answer says that the server has come to the end of the message. */
async function stopped(connection: PostgresConnection, limit: Limits['limit']): Promise<'stopped' | 'lost'> {
  return limit('rollback', connection.script('ROLLBACK')).then(
    () => 'stopped',
    () => 'lost',
  )
}

async function begin(
  connection: PostgresConnection,
  log: PostgresLog,
  first: Script,
  giveUp: () => Promise<void>,
): Promise<Remembered | 'taken'> {
  let remembered: Remembered | undefined
  const answer = await log
    .insert([first.entry], async (insertion) => {
      const results = await connection.script(`${BEGIN};${REMEMBER};${insertion};${LIMITS}`)
      const { settings, limits } = results[1]?.[0] ?? {}
      remembered = { settings: String(settings), limits: String(limits ?? '') }
      return results
    })
    .catch(async (error: unknown) => {
      await giveUp().catch(() => {})
      throw error
    })
  if (remembered && answer === 'appended') return remembered
  await giveUp()
  return 'taken'
}

/** Waits for the log, which others only look at in between, and then for nothing: the entry is next, or an error. */
function opening({ table }: PostgresLog, script: Script): string {
  const { rest: _, ...columns } = rowOf(script.entry)
  const values = Object.values(columns).map((value) => (typeof value === 'string' ? literal(value) : String(value)))
  const insertion = `INSERT INTO ${table}(${Object.keys(columns).join()},rest) VALUES (${values.join()},${timed(script, NOW)})`
  return `${BEGIN};${WAIT};SELECT pg_advisory_xact_lock(${lockKey(table)});${insertion};${LIMITS}`
}

/** What `opening` notes for the others. */
function startOf({ table }: PostgresLog, script: Script): string {
  return `UPDATE ${table} SET rest = ${timed(script, NOW)} WHERE serial = ${script.entry.serial}`
}

/**
 * Without its COMMIT. A text that swallows what comes after it, by a quote or a comment, meets another savepoint's name.
 * Whatever it sets, as every file of pg_dump does, ends with it: the next one finds the session as it was.
 */
function body({ table }: PostgresLog, script: Script, { settings, limits }: Remembered): string {
  const { entry, text } = script
  const savepoint = `unplugin_migrations_${entry.serial}`
  const duration = `round((${NOW} - (rest::json->'data'->>'ms')::numeric) * 1000)`
  const completion = `${logStatements(table).complete(timed(script, duration), entry.serial)} RETURNING rest::json->'data'->>'ms' AS ${MS}`
  return `${limits};SAVEPOINT ${savepoint};${text}\n;RELEASE ${savepoint};${restoring(settings)};${completion}`
}

/** The column `rest` of the completed entry. @param ms an expression: nobody else ever sees another than its milliseconds */
function timed({ entry, final }: Script, ms: string): string {
  return `replace(${literal(rowOf({ ...entry, ...final }).rest)}, '"ms":0,', '"ms":' || ${ms} || ',')`
}

/** For manifests with scripts that PostgreSQL may get: they share round trips. */
const scripts: Strategy = strategy({
  scripts: scriptRunner((adapter) =>
    isPostgres(adapter) ? { accepts: acceptsScript, send: (all) => send(adapter, all) } : undefined,
  ),
})

export default scripts
