import type { CatalogueEntry } from './diagnostic.ts'
import { RUN_ADMIN } from './run-admin.ts'
import { RUN_STATEMENTS } from './run-statements.ts'

/**
 * Errors of a run. `01` configuration and identity, before anything runs · `02` running · `022` logs · `023` staged work ·
 * `024` batches · `03` history. Only the types of this file reach a bundle: the texts are for the docs and the command line.
 */
const RUN_BEFORE = {
  MIG_R0101: {
    title: 'A role has no storage that fits',
    why: 'Every role of every migration in the manifest must be bound to an adapter that offers its kind and, where the migration has SQL variants, its dialect. All that do not fit are listed, and nothing ran.',
    fix: 'Add an adapter named like the role, or name one: `bind: { "<package>": { "<role>": "<adapter>" } }`.',
  },
  MIG_R0102: {
    title: 'The configured state store cannot hold state',
    why: 'State needs a storage with compare-and-set. The name is not among the adapters, or its adapter says that it has none. `none` is known where a migration of the build has a `probe` or is `repeatable`.',
    fix: 'Point `state` at another adapter, for example `jsonFile("./migrations-state.json")`.',
  },
  MIG_R0103: {
    title: 'Storages that do not belong together',
    why: 'The state store and a target were first migrated in different installations, or the storage is marked for another `env`. Going on would mix two histories.',
    fix: 'Check the connection settings of the storage that is named.',
  },
  MIG_R0104: {
    title: 'Another storage behind a known name',
    why: 'The state store remembers which storage an adapter name stands for. Now the name leads to another one, or to one without a log: it was wiped, replaced, or the settings are wrong.',
    fix: 'Restore the storage or its settings. For a new storage, use a new name.',
  },
  MIG_R0105: {
    title: 'The storage that holds the state has no log',
    why: 'Another target carries the log of an installation, so this is not a first run: the storage with the state was wiped or is the wrong one.',
    fix: 'Check the settings, or restore the storage from a backup.',
  },
  MIG_R0106: {
    title: 'A target is behind its record',
    why: 'The state store says that migrations were applied which the target has no marker of: the target was restored from an older backup, or its log was removed.',
    fix: 'Restore the newer target, or restore the state of the same moment.',
  },
  MIG_R0107: {
    title: 'A newer format',
    why: 'The manifest or a log was written in a format that this version does not know. It does not touch what it cannot read.',
    fix: 'Update unplugin-migrations in this application.',
  },
  MIG_R0108: {
    title: 'Staged work in a storage that is not bound',
    why: 'A migration that is committed, or may be, has staged changes, and one of its storages is not in the configuration any more. They must be settled before anything else runs.',
    fix: 'Bind that storage again and run once; then remove it. When it is gone for good, name it: `unbound: ["<adapter>"]`.',
  },
  MIG_R0109: {
    title: 'A storage is unbound that a squash asks for',
    why: 'The state store recorded migrations on a storage which the configuration names no more. A squash replaces them: without these records it would run as on a fresh installation, and what the storage holds would be left behind.',
    fix: 'Bind the storage again. When its data has moved, name it: `unbound: ["<adapter>"]`.',
  },
  MIG_R0110: {
    title: 'A storage that is not safe as it is set up',
    why: 'A server that evicts keys when its memory is full could drop the log, and then nothing would be applied. On a cluster, keys that share no hash tag lie on several servers, and no script reaches them all.',
    fix: 'Change the setting that is named: the `maxmemory-policy` of the server, or the prefix of the adapter, which then holds one, as in `{app}:`.',
  },
  MIG_R0111: {
    title: 'State in a database that only knows itself',
    why: 'The state lies in another PostgreSQL database than the one that migrations change, and the adapter of neither brings the code that keeps records about other storages: applications with one database do not carry it.',
    fix: 'Say that the database holds state: `state: pgState(pool)`, from `unplugin-migrations/adapters/pg`.',
  },
  MIG_R0112: {
    title: 'Migrations are pending',
    why: '`check` was called, and migrations that this build requires are not applied.',
    fix: 'Run them where migrations run in this deployment, then start again. `onPending: "wait"` waits for that, `onPending: "serve"` goes on without.',
  },
  MIG_R0113: {
    title: 'The state has moved',
    why: 'The log of the configured state store was sealed: the state is kept in another storage since. Nothing ran.',
    fix: 'Point `state` to the store that it was moved to.',
  },
  MIG_R0115: {
    title: 'A hook failed',
    why: 'A hook of the configuration threw. The run stopped there: what is applied stays applied, nothing new was started.',
    fix: 'See the cause, mend the hook, and start again.',
  },
  MIG_R0116: {
    title: 'A migration that needs a state',
    why: "With `state: 'none'` nobody remembers what was applied, so each migration must be able to tell, or be one that runs every time; and it must tell in the transaction in which it runs, so it uses one storage, with transactions. All that do not are listed, and nothing ran.",
    fix: "Give them a `probe`, or `repeatable: 'always'`; or point `state` to a storage that can keep the record.",
  },
  MIG_R0118: {
    title: 'A storage cannot do what a migration asks of it',
    why: 'All such migrations are listed with the reason, and nothing ran. `transaction: false` asks for an adapter that runs statements one at a time under a lock. A step commits in one storage: two that cannot commit together are not changed in one step. A storage without a log and without compare-and-set cannot tell what it went through: its migrations may be run again, so they must be `idempotent`, use nothing beside it, and have their state in a storage with a lease.',
    fix: 'Remove `transaction: false`, or use the adapter of a storage that has such statements. Give each storage a step of its own, and name its role in the `uses` of the step.',
  },
  MIG_R0117: {
    title: 'There is no state to ask',
    why: "With `state: 'none'` nothing is recorded: there is no history to show, to go back in, to correct or to move. Nothing was changed.",
    fix: 'Use `migrate`, `check` or `plan`, or point `state` to a storage.',
  },
} as const

const RUN_RUNNING = {
  MIG_R0201: {
    title: 'A migration failed',
    why: 'Its code or its SQL threw. Nothing of it was committed, and nothing after it ran.',
    fix: 'See the cause, mend the migration or the data, and start again.',
  },
  MIG_R0202: {
    title: 'The outcome of a migration is unclear',
    why: 'Committing failed and the log could not be read afterwards. The next run reads it and knows.',
    fix: 'Make the storage reachable and start again.',
  },
  MIG_R0203: {
    title: 'A migration cannot be loaded',
    why: 'Its module threw while it was loaded, or exports no `up`.',
    fix: 'Move effects from the top level of the module into `up`, and export a migration.',
  },
  MIG_R0204: {
    title: 'A committed migration is not settled',
    why: 'Its transaction is committed, but putting its staged changes in place failed. Every run tries again before anything else.',
    fix: 'See the cause, then start again.',
  },
  MIG_R0205: {
    title: 'A storage stayed busy',
    why: 'Another process held it for longer than `wait`. Where the state is kept in a storage of its own, one run at a time has the lease of it: the message says which one, and since when. When that one is gone the lease is free after a few seconds, without anybody. Or a call had no answer within the deadline that `withDeadline` sets: whether it took effect is not known, and the next run reads it from the log.',
    fix: 'Find out who holds it, or raise `wait`; look whether the server answers, and start again. A lease can be taken from a run that stands still: `release` with the token that is named. It goes on without, and nothing takes effect twice.',
  },
  MIG_R0206: {
    title: 'The run was stopped',
    why: '`signal` was aborted. Nothing is half done: the next run goes on from here.',
    fix: 'Start again.',
  },
  MIG_R0207: {
    title: 'A log cannot be written',
    why: 'The storage is read-only, full, or the permission is missing. What was committed before stays.',
    fix: 'See the cause: free space, or migrate with credentials that may write.',
  },
  MIG_R0209: {
    title: 'A migration returned before its work was done',
    why: '`up` returned while calls on its handles were still running. They would be lost or land outside the transaction.',
    fix: '`await` every call.',
  },
  MIG_R0210: {
    title: 'A handle was used after its migration ended',
    why: 'The transaction that the handle belongs to is over.',
    fix: 'Use handles only inside `up` and `verify`, and await every call.',
  },
  MIG_R0211: {
    title: 'Transaction control inside a migration',
    why: 'The runtime owns the transaction. A COMMIT inside would leave a migration recorded with half of its effect.',
    fix: 'Remove BEGIN, COMMIT, ROLLBACK and SAVEPOINT.',
  },
  MIG_R0212: {
    title: 'A migration escaped its transaction',
    why: 'Its entry is committed without being completed: the migration ended the transaction itself. What took effect is not known.',
    fix: 'Look at the storage. Then say whether the migration is applied there, with the attempt of this error: `resolve(id, "applied" or "not-applied", { attempt, reason })` of `unplugin-migrations/admin`.',
  },
  MIG_R0213: {
    title: 'Foreign keys are violated',
    why: 'SQLite checks foreign keys when the migration is done, so that tables can be rebuilt. Rows without their parent were found; the migration was rolled back.',
    fix: 'Mend the rows that are named in the migration.',
  },
  MIG_R0214: {
    title: 'A value that SQL cannot take',
    why: 'A handle takes strings, numbers, bigints, booleans, null and bytes.',
    fix: 'Convert the value, for example a Date with toISOString().',
  },
  MIG_R0221: {
    title: 'A log is damaged',
    why: 'A damaged log is never read as "nothing applied". Nothing was changed.',
    fix: 'Restore the log from a backup of the storage.',
  },
  MIG_R0222: {
    title: 'A log cannot be read',
    why: 'An unreadable log is never "nothing applied", nor is staged work that cannot be read none. Nothing was changed.',
    fix: 'See the cause: permissions, the connection, the path.',
  },
  MIG_R0231: {
    title: 'A destination changed since the migration saw it',
    why: 'Something wrote there after the migration had first looked, and before its changes were put in place. Nothing was overwritten. Before the commit nothing of the migration took effect either.',
    fix: 'Start again. Where the same error comes again, the migration is committed: first put back what it saw, or what it wants to write.',
  },
  MIG_R0232: {
    title: 'A path or key is refused',
    why: 'Paths are relative to the root of the storage, with `/`, and never leave it. Keys do not begin with `.migrations:`, where the storage keeps its own. Both are whole characters: halves of a surrogate pair would become one name.',
    fix: 'Use a relative path inside the root, or another key.',
  },
  MIG_R0233: {
    title: 'A file is not there',
    why: 'The path names no regular file, or what the migration leaves there cannot be: a file in place of another, or a file below a file.',
    fix: 'List the storage before, and handle what is missing or in the way.',
  },
  MIG_R0234: {
    title: 'Data that is no JSON',
    why: 'A key-value file holds one JSON object, a key of a key-value server the text of one JSON value. What was found is left as it is.',
    fix: 'Restore the file. Migrate a key of another type with a client of your own.',
  },
  MIG_R0235: {
    title: 'A lock of another host',
    why: 'Whether its holder is alive cannot be known from here, so it is never broken automatically.',
    fix: 'Make sure that nothing runs there, then free it with the token that the error names: `release(target, { token })` of `unplugin-migrations/admin`.',
  },
  MIG_R0236: {
    title: 'Staged work is damaged',
    why: 'A committed migration announced staged changes whose digest does not match any more.',
    fix: 'Restore the storage, or its staging folder, from a backup. Or do by hand what the migration staged, or undo all of it, and say so, with the attempt of this error: `resolve(id, "applied" or "not-applied", { attempt, reason })` of `unplugin-migrations/admin`.',
  },
  MIG_R0240: {
    title: 'A read that a batch cannot hold',
    why: 'The storage commits a migration as one batch, which is sent when `up` has returned. So `rows` reads what was there before: only by SELECT, VALUES or WITH … SELECT, and only before the first `run` or `script`.',
    fix: 'Read everything first, then write; say the rest in SQL (`insert into … select`), or split the migration in two.',
  },
  MIG_R0241: {
    title: 'Beyond the limits of a batch',
    why: 'The storage would refuse the batch for the number or size of its statements, or the number or size of their values. Nothing was sent.',
    fix: 'Split the statement or the migration; pass many rows as one value of JSON and read it with `json_each`.',
  },
  MIG_R0242: {
    title: 'Dropping a table would change the rows of another',
    why: 'The storage cannot switch foreign keys off. DROP TABLE deletes the rows first, and with them, by ON DELETE CASCADE, SET NULL or SET DEFAULT, it would delete or change those that refer to them.',
    fix: 'Change the table with ALTER TABLE. Or drop, or rebuild without that action, the table that refers to it in the same migration before.',
  },
  MIG_R0243: {
    title: 'Applied, and its post-check failed',
    why: 'The storage commits a migration as one batch, so `verify` can read what it did only afterwards, and refuses nothing any more: the migration is applied and recorded. Nothing after it ran in this run; the next run goes on behind it, and does not ask again.',
    fix: 'See the cause. Mend the data in a new migration, or take this one back. `verify` of `unplugin-migrations/admin` asks again.',
  },
  MIG_R0250: {
    title: 'A connection that is not one session of PostgreSQL',
    why: 'Outside of a transaction a lock keeps other runs away, and it belongs to a session. A pooler between lends one session to several connections: two runs would both be told that they hold the lock, and it would stay when both are gone. Nothing has run.',
    fix: 'For a migration with `transaction: false` give the adapter a pool whose URL leads to the server itself, not to the pooler. Where the message names a backend that holds the lock although nobody migrates, end that backend as it says.',
  },
  MIG_R0301: {
    title: 'An applied migration was changed',
    why: 'Its hash is not the one that was applied: databases that ran it before and databases that run it now would differ. Of a repeatable: the lock files of two builds give different changes the same number, so it does not run.',
    fix: 'Undo the edit and write a new migration. A repeatable takes the next number: merge both changes, then `lock`. `changed: "warn"` lets it pass.',
  },
  MIG_R0302: {
    title: 'A record without code',
    why: 'The log holds a migration of a package of this build, applied or begun, which the build does not contain: newer code ran, or the migration was removed.',
    fix: 'Deploy the newer code, or put the migration back.',
  },
  MIG_R0303: {
    title: 'A migration comes late',
    why: 'A later one of the same package is applied already, so this database saw another order than a new one will.',
    fix: 'Rename it so that it comes last, or accept the order.',
  },
  MIG_R0304: {
    title: 'Applied before its dependency',
    why: 'A migration is applied whose declared dependency is not. The history is inconsistent.',
    fix: 'Find out how: a dependency added after the fact, a restored storage, or a manual edit of a log.',
  },
  MIG_R0305: {
    title: 'A squash that is partly applied',
    why: 'Some of what it replaces is applied on this storage, or has begun there, and some is not, so it can neither count as applied nor run. It falls back to the originals, but some of those are gone from the code.',
    fix: 'Migrate with a version that still has the originals. Remove them when every database has all of them.',
  },
  MIG_R0306: {
    title: 'Applied with an accepted earlier hash',
    why: 'The lock file holds that the change of this migration was reviewed and accepted. `status` shows it; nothing stops.',
    fix: 'Nothing.',
  },
  MIG_R0307: {
    title: 'Applied and removed on purpose',
    why: 'The lock file holds that this migration was retired. `status` shows it; nothing stops.',
    fix: 'Nothing.',
  },
  MIG_R0308: {
    title: 'A migration was skipped',
    why: 'Its `when` said no. It stays pending, what depends on it waits, and it is asked again when the build has other migrations, or by `up` of `unplugin-migrations/admin`.',
    fix: 'Nothing, where that is what you expect.',
  },
} as const

/** `012`, commands, and `027`, statement at a time, are files of their own. */
export type RunCode =
  | keyof typeof RUN_BEFORE
  | keyof typeof RUN_ADMIN
  | keyof typeof RUN_RUNNING
  | keyof typeof RUN_STATEMENTS

export const RUN: Readonly<Record<RunCode, CatalogueEntry>> = {
  ...RUN_BEFORE,
  ...RUN_ADMIN,
  ...RUN_RUNNING,
  ...RUN_STATEMENTS,
}
