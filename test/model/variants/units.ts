import type { Rules } from '../scenario.ts'
import { ORDER, TWICE, type Topic, WRONG_OK, down, migrate, on, scenario, NOT_SO } from './variant.ts'

const migrations = [on(0), on(0, { parents: [0] })]
const two = { storages: 1, migrations, runners: [migrate(2), migrate(2)], faults: { unanswered: 1, crashes: 1 } }
const reverts = { ...two, runners: [migrate(2), migrate(2), down(0, 2), down(1, 2)], faults: {} }

const twin = (name: string, rules: Partial<Rules>, broken: RegExp): Topic['variants'][number] => ({
  name,
  scenario: scenario(two, rules),
  broken,
})

export const units: Topic = {
  title: 'One target',
  about:
    'Two migrations, the second depends on the first. The entry goes first, at the next serial, and commits with the effect.',
  variants: [
    { name: 'entry and effect commit as one', scenario: scenario(two) },
    { name: 'the same, beside reverts', scenario: scenario(reverts) },
    {
      name: 'after a lost answer it tries again, without a look',
      scenario: scenario(two, { unanswered: 'tries again' }),
    },
    twin('the effect commits before its entry', { commit: 'effect first' }, TWICE),
    twin('the entry commits before its effect', { commit: 'entry first' }, NOT_SO),
    twin('a storage appends at any serial', { append: 'anything' }, TWICE),
    twin('after a lost answer it goes on', { unanswered: 'goes on' }, WRONG_OK),
    {
      name: 'only (id, generation) is unique, beside reverts',
      scenario: scenario(reverts, { append: 'new generation' }),
      broken: ORDER,
    },
  ],
  thorough: [
    {
      name: 'three runners and a revert, two lost answers',
      scenario: scenario({
        ...two,
        runners: [migrate(2), migrate(2), down(1, 2)],
        faults: { unanswered: 2 },
      }),
    },
    {
      name: 'three migrations, three runners',
      scenario: scenario({
        storages: 1,
        migrations: [...migrations, on(0, { parents: [1] })],
        runners: [migrate(3), migrate(3), migrate(2)],
        faults: { unanswered: 1, crashes: 1 },
      }),
    },
  ],
}
