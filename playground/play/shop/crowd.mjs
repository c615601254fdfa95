import { same } from '../checks.mjs'
import { postgresDatabase } from '../databases/postgres.mjs'
import { heading } from '../report.mjs'
import { MIGRATIONS, picturesIn, printInstances, statusOf } from './instances.mjs'
import { invoke } from './invoke.mjs'

/** @typedef {import('../checks.mjs').Checks} Checks */

const AT_ONCE = 10

/**
 * @param {Checks} checks
 * @param {string} bundle
 * @param {string} url
 * @param {string} files
 */
export async function tellOfCrowd(checks, bundle, url, files) {
  const env = { DATABASE_URL: url, SHOP_FILES: files }
  heading(`${AT_ONCE} cold starts at once on an empty database`)
  const crowd = await Promise.all(Array.from({ length: AT_ONCE }, () => invoke(bundle, env, ['/'])))
  const { log, damage } = await postgresDatabase(url).read()
  const last = await invoke(bundle, env, ['/', ...picturesIn(crowd[0])])
  printInstances(crowd)

  const applied = crowd.flatMap((instance) => instance.applied)
  checks.check('each migration was applied once, by one of them', [
    ...same('told', applied.toSorted(), MIGRATIONS),
    ...same(
      'in the log',
      log.filter(({ kind }) => kind === 'up').map(({ id }) => id),
      MIGRATIONS,
    ),
    ...damage,
  ])
  const bodies = new Set(crowd.map(({ answers }) => answers[0]?.body))
  checks.check(`all ${AT_ONCE} answered 200 with the same body`, [
    ...same(
      'status',
      crowd.flatMap(({ answers }) => answers.map(statusOf)),
      Array(AT_ONCE).fill(200),
    ),
    ...same('bodies', bodies.size, 1),
  ])
  checks.check('one more has nothing to do, and finds every picture', [
    ...same('outcome', last.outcome, 'current'),
    ...same('status', last.answers.map(statusOf), Array(4).fill(200)),
  ])
}
