import type { SettleRules } from '../scenario.ts'
import { SETTLING, STUCK, TWICE, type Topic, down, migrate, on, scenario } from './variant.ts'

const items = { storages: 2, migrations: [on(0, { participants: [1, 1] })], runners: [migrate(1), migrate(1)] }
const late = { ...items, migrations: [on(0), on(0, { participants: [1] })], runners: [migrate(2), migrate(1)] }
const item = { ...items, migrations: [on(0, { participants: [1] })], runners: [migrate(1), down(0, 1)] }
const stolen = { ...item, faults: { steals: 1 } }

const settling = (rules: Partial<SettleRules>): { readonly settling: SettleRules } => ({
  settling: { ...SETTLING, ...rules },
})

export const deferred: Topic = {
  title: 'Staged work of participants',
  about:
    'T1 takes part with deferred writes in a migration of T0: staged and durable before the commit, which opens it; put in place item by item under the lock of T1, then noted in both logs. `looks, then puts` is what files do: safe only under a lock that nobody loses while alive. A lease needs a mark that is set in the same script.',
  variants: [
    { name: 'two items, a crash', scenario: scenario({ ...items, faults: { crashes: 1 } }) },
    { name: 'two items, a request without an answer', scenario: scenario({ ...items, faults: { unanswered: 1 } }) },
    {
      name: 'a lock of the living, looks and puts, beside a down',
      scenario: scenario({ ...item, faults: { crashes: 1 } }, settling({ put: 'looks, then puts' })),
    },
    {
      name: 'a lease, and a mark, beside a down',
      scenario: scenario(stolen, settling({ lock: 'a lease', put: 'once, with a mark' })),
    },
    {
      name: 'two migrations of two targets with one participant',
      scenario: scenario({
        storages: 3,
        migrations: [on(0, { participants: [2] }), on(1, { parents: [0], participants: [2] })],
        runners: [migrate(2), down(0, 2)],
      }),
    },
    {
      name: 'staged after the commit',
      scenario: scenario({ ...items, faults: { crashes: 1 } }, { stage: 'after the commit' }),
      broken: STUCK,
    },
    {
      name: 'what is not committed is dropped, whoever staged it',
      scenario: scenario(late, { discard: 'when it is not committed' }),
      broken: STUCK,
    },
    {
      name: 'a lease, looks and puts',
      scenario: scenario(
        { ...item, runners: [migrate(1), migrate(1)], faults: { steals: 1 } },
        settling({ lock: 'a lease', put: 'looks, then puts' }),
      ),
      broken: TWICE,
    },
    {
      name: 'a lease, compares item by item, beside a down',
      scenario: scenario(stolen, settling({ lock: 'a lease' })),
      broken: TWICE,
    },
    {
      name: 'the log is not read under the lock',
      scenario: scenario({ ...item, faults: { crashes: 1 } }, settling({ log: 'not read' })),
      broken: TWICE,
    },
  ],
  thorough: [
    {
      name: 'two targets with one participant, a crash and a down',
      scenario: scenario({
        storages: 3,
        migrations: [on(0, { participants: [2] }), on(1, { parents: [0], participants: [2] })],
        runners: [migrate(2), down(0, 2)],
        faults: { crashes: 1 },
      }),
    },
    {
      name: 'a lease that is lost, and a mark, a crash and a down',
      scenario: scenario(
        { ...item, faults: { steals: 1, crashes: 1 } },
        settling({ lock: 'a lease', put: 'once, with a mark' }),
      ),
    },
    {
      name: 'two items, a crash and a lost answer',
      scenario: scenario({ ...items, faults: { unanswered: 1, crashes: 1 } }),
    },
    {
      name: 'a lock of the living, two runners and a down',
      scenario: scenario(
        { ...item, runners: [migrate(1), migrate(1), down(0, 1)] },
        settling({ put: 'looks, then puts' }),
      ),
    },
    {
      name: 'a lease that is lost twice, and a mark, two runners and a down',
      scenario: scenario(
        { ...item, runners: [migrate(1), migrate(1), down(0, 1)], faults: { steals: 2 } },
        settling({ lock: 'a lease', put: 'once, with a mark' }),
      ),
    },
  ],
}
