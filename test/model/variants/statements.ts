import { TWICE, type Topic, migrate, on, scenario } from './variant.ts'

const two = {
  storages: 1,
  migrations: [on(0, { statements: 2 })],
  runners: [migrate(1), migrate(1)],
  faults: { crashes: 1 },
}

export const statements: Topic = {
  title: 'Statements outside a transaction',
  about:
    'Two statements that commit one by one between `begin` and `end`. What has begun and not ended is for a person to say. The lock is freed by the storage when the last statement of its connection has ended; the runner takes it, and so does `resolve`.',
  variants: [
    { name: 'runners and people drain', scenario: scenario(two) },
    { name: 'only runners drain', scenario: scenario(two, { drain: 'runners' }), broken: TWICE },
    { name: 'nobody drains', scenario: scenario(two, { drain: 'nobody' }), broken: TWICE },
  ],
  thorough: [
    { name: 'three runners', scenario: scenario({ ...two, runners: [migrate(1), migrate(1), migrate(1)] }) },
    { name: 'a crash and a lost connection', scenario: scenario({ ...two, faults: { crashes: 1, unanswered: 1 } }) },
    { name: 'two crashes', scenario: scenario({ ...two, faults: { crashes: 2 } }) },
  ],
}
