import type { Script, Strategy } from '../../runtime/adapter.ts'
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

/** Settings of the session by which our own statements hand something on to each other. */
const SESSION = 'unplugin_migrations.session'
const START = 'unplugin_migrations.start'
const MS = 'unplugin_migrations_ms'
/** Of servers that have them, since 17 and 14; that a client is gone not every system can tell. */
const NEWER_LIMITS = `SELECT set_config(key, value, true) FROM json_each_text('{"transaction_timeout":"0","client_connection_check_interval":"500"}') WHERE current_setting(key, true) <> '' AND (version() ~ 'linux' OR key !~ '^client')`
/** Shorter than the server takes to look for deadlocks, which would end what others run (CREATE INDEX CONCURRENTLY). */
const WAIT = "SET LOCAL lock_timeout='500ms'"
const NOW = 'extract(epoch FROM clock_timestamp())'

/** What the pool has set in this session, and its roles: `RESET ALL` alone would take that away too. */
const REMEMBER = `SELECT set_config('${SESSION}', (SELECT json_object_agg(name, setting) FROM (SELECT 'session_authorization' AS name, session_user::text AS setting UNION ALL SELECT 'role', current_setting('role') UNION ALL SELECT name, setting FROM pg_settings WHERE source = 'session' AND name !~ '^transaction|^unplugin_migrations') AS settings)::text, false)`

/** Whatever a script sets, as every file of pg_dump does, ends with it: the next one finds the session as it was. */
const RESTORE = `DO $unplugin_migrations$ DECLARE session text := pg_catalog.current_setting('${SESSION}'); start text := pg_catalog.current_setting('${START}'); BEGIN RESET ALL; PERFORM set_config(key, value, false) FROM json_each_text(session::json); PERFORM set_config('${SESSION}', session, false), set_config('${START}', start, true); END $unplugin_migrations$`

/**
 * The first message begins the first script's transaction as that of any migration begins, so that it never waits inside
 * a statement while others are at work; the second holds all the rest. A message is parsed as a whole before anything of
 * it runs, and whatever fails stops what follows it.
 */
async function send(
  { database, log }: PostgresAdapter,
  scripts: readonly Script[],
): Promise<readonly number[] | 'stopped' | 'lost'> {
  const connection = await database.connect()
  let session: 'same' | 'changed' = 'changed'
  const giveUp = async (): Promise<void> => {
    await connection.script('ROLLBACK')
    session = 'same'
  }
  try {
    const [first, ...others] = scripts
    if (!first || (await begin(connection, log, first, giveUp)) === 'taken') return 'stopped'
    const units = [closing(log, first), ...others.map((script) => `${opening(log, script)};${closing(log, script)}`)]
    // A server that crashes may lose the last ones, each with its entry, until the very last is on stable storage.
    const message = `${units.join(';SET LOCAL synchronous_commit = off;COMMIT;')};RESET ${SESSION};COMMIT`
    const results = await connection.script(message).catch(() => undefined)
    if (!results) return await stopped(connection)
    session = 'same'
    return results.flat().flatMap((row) => (MS in row ? Number(row[MS]) : []))
  } finally {
    await connection.release(session)
  }
}

/** An answer says that the server has come to the end of the message. */
async function stopped(connection: PostgresConnection): Promise<'stopped' | 'lost'> {
  return connection.script('ROLLBACK').then(
    () => 'stopped',
    () => 'lost',
  )
}

async function begin(
  connection: PostgresConnection,
  log: PostgresLog,
  first: Script,
  giveUp: () => Promise<void>,
): Promise<'appended' | 'taken'> {
  const answer = await log
    .insert([first.entry], (insertion) => connection.script(`${BEGIN};${REMEMBER};${insertion};${mark(first)}`))
    .catch(async (error: unknown) => {
      await giveUp().catch(() => {})
      throw error
    })
  if (answer === 'taken') await giveUp()
  return answer
}

/** Waits for the log, which others only look at in between, and then for nothing: the entry is next, or an error. */
function opening({ table }: PostgresLog, script: Script): string {
  const row = literal(JSON.stringify([rowOf(script.entry)]))
  const insertion = `INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, ${row})`
  return `${BEGIN};${WAIT};SELECT pg_advisory_xact_lock(${lockKey(table)});${insertion};${mark(script)}`
}

function mark({ entry }: Script): string {
  return `${LIMITS};${NEWER_LIMITS};SAVEPOINT ${savepoint(entry.serial)};SELECT set_config('${START}', ${NOW}::text, true)`
}

/** Without its COMMIT. A text that swallows what comes after it, by a quote or a comment, meets another savepoint's name. */
function closing({ table }: PostgresLog, { entry, final, text }: Script): string {
  const rest = literal(rowOf({ ...entry, ...final }).rest)
  const ms = `round((${NOW} - current_setting('${START}')::numeric) * 1000)`
  const timed = `replace(${rest}, '"ms":0,', '"ms":' || ${ms} || ',')`
  const completion = `${logStatements(table).complete(timed, entry.serial)} RETURNING rest::json->'data'->>'ms' AS ${MS}`
  return `${text}\n;RELEASE ${savepoint(entry.serial)};${RESTORE};${completion}`
}

function savepoint(serial: number): string {
  return `unplugin_migrations_${serial}`
}

/** For manifests with scripts that PostgreSQL may get: they share round trips. */
const scripts: Strategy = strategy({
  scripts: scriptRunner((adapter) =>
    isPostgres(adapter) ? { accepts: acceptsScript, send: (all) => send(adapter, all) } : undefined,
  ),
})

export default scripts
