import { INTENTS, NOT_SO, ORDER, TWICE, type Topic, WRONG_OK, down, migrate, on, scenario } from './variant.ts'

const steps = [
  { storage: 0, runs: 2 },
  { storage: 1, runs: 1 },
]
const runs = { storages: 2, migrations: [on(0, { steps })], runners: [migrate(1), migrate(1)], faults: { crashes: 1 } }
const reverts = { ...runs, runners: [migrate(1), down(0, 1)] }
const dependent = {
  storages: 2,
  migrations: [on(0), on(1, { parents: [0], steps: [{ storage: 1, runs: 2 }] })],
  runners: [migrate(2), down(0, 2)],
}
const parent = {
  storages: 3,
  migrations: [
    on(0, {
      steps: [
        { storage: 0, runs: 1 },
        { storage: 2, runs: 1 },
      ],
    }),
    on(1, { parents: [0] }),
  ],
  runners: [migrate(2), down(0, 2)],
}
const ignored = { intents: { ...INTENTS, begun: 'ignored' } } as const

export const stepwise: Topic = {
  title: 'Steps and checkpoints',
  about:
    'Each run of a step commits with its own entry, on its own target; the last entry says that the whole is applied. What has begun counts: a dependent as if it were applied, a revert as if it were done; the intent of a down names the first serial that it takes, on whatever target.',
  variants: [
    { name: 'each run goes on from the logs', scenario: scenario(runs) },
    { name: 'the same, beside a down by steps', scenario: scenario(reverts) },
    { name: 'a dependent with steps', scenario: scenario(dependent) },
    { name: 'a dependent of a migration with steps', scenario: scenario(parent) },
    {
      name: 'a run starts again from the first step',
      scenario: scenario(runs, { steps: 'start again' }),
      broken: TWICE,
    },
    { name: 'a step commits before its entry', scenario: scenario(runs, { commit: 'effect first' }), broken: TWICE },
    {
      name: 'the entry of a step commits before it',
      scenario: scenario(runs, { commit: 'entry first' }),
      broken: NOT_SO,
    },
    { name: 'a down passes over a dependent that has begun', scenario: scenario(dependent, ignored), broken: ORDER },
    { name: 'an up passes over a down that has begun', scenario: scenario(parent, ignored), broken: ORDER },
    { name: 'a run says ok over a down that has begun', scenario: scenario(reverts, ignored), broken: WRONG_OK },
  ],
  thorough: [
    {
      name: 'a dependent with steps, two runners and a down',
      scenario: scenario({ ...dependent, runners: [migrate(2), migrate(2), down(0, 2)] }),
    },
    {
      name: 'a dependent of a migration with steps, two runners and a down',
      scenario: scenario({ ...parent, runners: [migrate(2), migrate(2), down(0, 2)] }),
    },
    {
      name: 'two runners and a down by steps, a lost answer',
      scenario: scenario({ ...runs, runners: [migrate(1), migrate(1), down(0, 1)], faults: { unanswered: 1 } }),
    },
    {
      name: 'two crashes and a lost answer',
      scenario: scenario({ ...runs, faults: { unanswered: 1, crashes: 2 } }),
    },
  ],
}
