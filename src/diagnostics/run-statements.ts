/** Errors of migrations whose statements run one at a time. */
export const RUN_STATEMENTS = {
  MIG_R0270: {
    title: 'A statement may have taken effect',
    why: 'Definitions of this storage commit by themselves. A process ended, or lost its connection, while the statement that is named was running, or it failed and may have done a part, as a procedure does that commits as it goes. Nothing in the storage tells whether it took effect. Everything before it did, nothing after it has run.',
    fix: 'Look at the storage and answer, with the attempt that is named: `resolve(id, "applied" or "not-applied", { attempt, reason })` of `unplugin-migrations/admin`. A migration with `probe`, or one that says `idempotent`, goes on by itself.',
  },
  MIG_R0271: {
    title: 'The lock of a storage was lost',
    why: 'Statements run one at a time under a lock of the connection that sends them. This connection does not hold it any more: it ended, was killed, or a pooler between hands out others. The statement that would have followed was not sent.',
    fix: 'Give the adapter a connection of its own to the server, see why it ended, and start again: the next run goes on behind the last statement.',
  },
  MIG_R0272: {
    title: 'Other statements than those that have run',
    why: 'The migration was interrupted, or failed, after some of its statements had taken effect. Now those do not come in the same order with the same text and values: it was edited, or asks the storage what to do.',
    fix: 'Put back the statements that have run. Or undo what they did and say so, with the attempt that is named: `resolve(id, "not-applied", { attempt, reason })` of `unplugin-migrations/admin`.',
  },
  MIG_R0273: {
    title: 'A definition beside work that has to commit with it',
    why: 'A definition of this storage commits whatever is open. In the same migration there are changes of other storages, or calls of the driver itself (`raw`), which no journal holds: they would be half done. The definition was not sent.',
    fix: 'Put definitions into a migration, or a step, of their own.',
  },
  MIG_R0274: {
    title: 'Rows of a statement that writes',
    why: 'Statements that write are left out when a migration goes on behind them after a crash, and there would be no rows.',
    fix: 'Write with `run`, then ask with `rows`.',
  },
  MIG_R0275: {
    title: 'A migration failed half way',
    why: 'Definitions of this storage commit by themselves. The statements before the one that is named have taken effect and stay; it has not, nor has anything after it.',
    fix: 'Mend what is behind the statements that have run, and start again: the next run goes on there.',
  },
  MIG_R0276: {
    title: 'A migration failed, and what it did stays',
    why: 'The storage has no transactions and keeps no log: each change takes effect at once. Whatever the migration did before it threw is there, and nothing after it ran.',
    fix: 'See the cause, mend the migration or the data, and start again: it says that it is `idempotent`, so the next run does all of it again.',
  },
} as const
