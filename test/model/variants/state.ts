import { type Topic, WRONG_OK, down, migrate, on, scenario } from './variant.ts'

const elsewhere = { storages: 2, state: 1, migrations: [on(0)], runners: [migrate(1), migrate(1), down(0, 1)] }
const staged = { storages: 2, state: 0, migrations: [on(0, { participants: [1] })], runners: [migrate(1), migrate(1)] }
const chain = [on(0), on(1, { parents: [0] })]

export const state: Topic = {
  title: 'The state, and boots that read last entries',
  about:
    'The record follows the commit; targets are the truth. A boot says ok from the last entries: its key is there, nothing is open, and each target is where the state recorded it.',
  variants: [
    {
      name: 'in the target, a request without an answer',
      scenario: scenario(
        { storages: 2, state: 0, migrations: chain, runners: [migrate(2), migrate(2)], faults: { unanswered: 1 } },
        { fastPath: 'all' },
      ),
    },
    { name: 'in another storage, beside a down', scenario: scenario(elsewhere, { fastPath: 'all' }) },
    {
      name: 'lost, or an older copy, two targets',
      scenario: scenario(
        { storages: 3, state: 2, migrations: chain, runners: [migrate(2), migrate(2)], faults: { losses: 1 } },
        { fastPath: 'all' },
      ),
    },
    {
      name: 'lost, or an older copy, beside a down',
      scenario: scenario(
        { ...elsewhere, runners: [migrate(1), down(0, 1)], faults: { losses: 1 } },
        { fastPath: 'all' },
      ),
    },
    {
      name: 'in the target of a dependent, beside a down that announces itself',
      scenario: scenario(
        { storages: 2, state: 1, migrations: chain, runners: [migrate(2), down(0, 2)], faults: { crashes: 1 } },
        { fastPath: 'all' },
      ),
    },
    { name: 'with staged work', scenario: scenario(staged, { fastPath: 'all' }) },
    {
      name: 'with staged work, the key comes early',
      scenario: scenario(staged, { fastPath: 'all', key: 'with the commit' }),
    },
    {
      name: 'the key comes early, and open work is ignored',
      scenario: scenario(staged, { fastPath: 'ignores open work', key: 'with the commit' }),
      broken: WRONG_OK,
    },
    {
      name: 'serials are not compared',
      scenario: scenario(elsewhere, { fastPath: 'ignores serials' }),
      broken: WRONG_OK,
    },
  ],
  thorough: [
    {
      name: 'staged work, the state in a third storage, lost once, beside a down',
      scenario: scenario(
        { ...staged, storages: 3, state: 2, runners: [migrate(1), down(0, 1)], faults: { losses: 1 } },
        { fastPath: 'all' },
      ),
    },
    {
      name: 'in another storage, lost once, two runners and a down',
      scenario: scenario({ ...elsewhere, faults: { losses: 1 } }, { fastPath: 'all' }),
    },
    {
      name: 'lost twice, with a crash',
      scenario: scenario(
        {
          storages: 3,
          state: 2,
          migrations: chain,
          runners: [migrate(2), migrate(2)],
          faults: { losses: 2, crashes: 1 },
        },
        { fastPath: 'all' },
      ),
    },
  ],
}
