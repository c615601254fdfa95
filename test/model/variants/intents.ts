import type { IntentRules, Rules } from '../scenario.ts'
import { INCONSISTENT, INTENTS, ORDER, STUCK, type Topic, down, migrate, on, scenario } from './variant.ts'

const migrations = [on(0), on(1, { parents: [0] })]
const beside = { storages: 2, migrations, runners: [migrate(2), migrate(2), down(0, 2)] }
const older = { storages: 2, migrations, runners: [migrate(2), down(0, 1)] }

const rules = (intents: Partial<IntentRules>): Partial<Rules> => ({ intents: { ...INTENTS, ...intents } })

export const intents: Topic = {
  title: 'A dependent on another target',
  about:
    'm1 on T1 depends on m0 on T0. A down of m0 appends an intent to the logs of the other targets, at the serials that its plan has read; it names the serial that the down will take, and no other. An up that meets an open intent takes that serial first.',
  variants: [
    { name: 'intents, fenced', scenario: scenario(beside) },
    {
      name: 'the same, with a request that has no answer',
      scenario: scenario({ ...beside, runners: [migrate(2), down(0, 2)], faults: { unanswered: 1 } }),
    },
    {
      name: 'logs read one after the other, in one round',
      scenario: scenario(beside, { reading: 'one after the other', inconsistent: 'reads again' }),
    },
    {
      name: 'intents anywhere in the logs, and all logs read again',
      scenario: scenario(beside, rules({ at: 'any serial', readAgain: true })),
    },
    { name: 'a down by an older build', scenario: scenario(older) },
    {
      name: 'a chain over three targets, intents on those of direct dependents',
      scenario: scenario(
        {
          storages: 3,
          migrations: [...migrations, on(2, { parents: [1] })],
          runners: [migrate(3), down(0, 3), down(1, 3)],
        },
        rules({ on: 'targets of known dependents' }),
      ),
    },
    {
      name: 'logs read until nothing is new',
      scenario: scenario({ ...beside, runners: [migrate(2), migrate(2)] }, { reading: 'until nothing is new' }),
    },
    {
      name: 'a history that is inconsistent in one round stops a run',
      scenario: scenario({ ...beside, runners: [migrate(2), migrate(2)] }, { reading: 'one after the other' }),
      broken: INCONSISTENT,
    },
    { name: 'no intents', scenario: scenario(beside, rules({ on: 'no target' })), broken: ORDER },
    { name: 'an up ignores open intents', scenario: scenario(beside, rules({ met: 'ignored' })), broken: ORDER },
    { name: 'an up waits for open intents', scenario: scenario(beside, rules({ met: 'waited for' })), broken: STUCK },
    {
      name: 'intents anywhere in the logs, nothing read again',
      scenario: scenario(beside, rules({ at: 'any serial' })),
      broken: ORDER,
    },
    {
      name: 'the down takes another serial than the one it named',
      scenario: scenario(beside, rules({ down: 'next serial' })),
      broken: ORDER,
    },
    {
      name: 'an older build announces to the dependents that it knows',
      scenario: scenario(older, rules({ on: 'targets of known dependents' })),
      broken: ORDER,
    },
    {
      name: 'an older build does not stop at what it does not know',
      scenario: scenario(older, rules({ unknown: 'ignored' })),
      broken: ORDER,
    },
  ],
  thorough: [
    {
      name: 'a chain over three targets, two ups and a down',
      scenario: scenario({
        storages: 3,
        migrations: [...migrations, on(2, { parents: [1] })],
        runners: [migrate(3), migrate(3), down(0, 3)],
      }),
    },
    {
      name: 'builds of three ages, a lost answer',
      scenario: scenario({ ...beside, runners: [migrate(2), migrate(1), down(0, 1)], faults: { unanswered: 1 } }),
    },
    {
      name: 'two ups and a down, a lost answer',
      scenario: scenario({ ...beside, runners: [migrate(2), migrate(2), down(0, 2)], faults: { unanswered: 1 } }),
    },
    {
      name: 'two downs of one migration, double collect',
      scenario: scenario(
        { ...beside, runners: [migrate(2), down(0, 2), down(0, 2)] },
        { reading: 'until nothing is new' },
      ),
    },
    {
      name: 'one round in any order, two lost answers, a crash',
      scenario: scenario(
        { ...beside, runners: [migrate(2), down(0, 2)], faults: { unanswered: 2, crashes: 1 } },
        { reading: 'one after the other', inconsistent: 'reads again' },
      ),
    },
  ],
}
