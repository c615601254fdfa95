import { same } from './checks.mjs'
import { AVATARS } from './check-avatars.mjs'
import { pictureProblems } from './check-pictures.mjs'
import { visitProblems } from './check-visits.mjs'
import { rowsOf } from './snapshot.mjs'

/** @typedef {import('./snapshot.mjs').Snapshot} Snapshot */

/**
 * What the new release has to do, in the order of each storage. The storages proceed side by side.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
const EXPECTED = {
  db: [
    '@acme/accounts:0002_display_name',
    '@acme/activity:0003_to_sql',
    '@acme/images:0003_content_addressed',
    '@acme/bookings:0002_cover',
    'travel:0002_trips_with_covers',
    'travel:0003_avatars',
  ],
  events: ['@acme/activity:0002_by_day'],
  avatars: AVATARS,
}

/**
 * Compares the storages after the new release's first start with what they were before.
 * @param {import('./checks.mjs').Checks} checks
 * @param {Snapshot} before
 * @param {Snapshot} after
 * @param {readonly { readonly id: string, readonly target: string }[]} applied As the server told.
 * @param {readonly import('./seed.mjs').Upload[]} uploads
 */
export function checkData({ check }, before, after, applied, uploads) {
  const told = Object.keys(EXPECTED).map((target) => [target, idsOn(applied, target)])
  check('the new migrations ran, each once, in the order of the graph', [
    ...same('applied', told, Object.entries(EXPECTED)),
    ...same('number', applied.length, Object.values(EXPECTED).flat().length),
  ])
  check(
    'the log grew by them and kept what the older releases wrote',
    same(
      'ids in the log',
      upsOf(after).toSorted(),
      [...upsOf(before), ...Object.values(EXPECTED).flat()].toSorted(),
    ).concat(same('older entries', after.log.slice(0, before.log.length), before.log)),
  )
  check(
    'no row was lost, and the database finds no damage in itself',
    ['accounts', 'bookings', 'images', 'trips']
      .flatMap((table) => same(`rows of ${table}`, rowsOf(after, table).length, rowsOf(before, table).length))
      .concat(after.damage),
  )
  check('every picture is in ab/cd/<hash>, and its row agrees', pictureProblems(before, after, uploads))
  check('bookings carry the hash of their picture, accounts a name to show', nameProblems(after))
  check('visits are rows, none lost, and no key is left', visitProblems(before, after))
}

/**
 * After a start that had to fail on a picture that is gone: nothing of that migration took effect.
 * @param {import('./checks.mjs').Checks} checks
 * @param {Snapshot} before
 * @param {Snapshot} after
 */
export function checkUntouched({ check }, before, after) {
  check('the pictures are where they were', same('files', [...after.pictures], [...before.pictures]))
  check('the rows of images are as they were', same('images', rowsOf(after, 'images'), rowsOf(before, 'images')))
  check('the bookings are as they were', same('bookings', rowsOf(after, 'bookings'), rowsOf(before, 'bookings')))
  check(
    'the log does not claim the migration',
    upsOf(after).filter((id) => id === '@acme/images:0003_content_addressed'),
  )
}

/**
 * @param {readonly { readonly id: string, readonly target: string }[]} applied
 * @param {string} target
 */
function idsOn(applied, target) {
  return applied.filter((one) => one.target === target).map(({ id }) => id)
}

/** @param {Snapshot} snapshot */
export function upsOf({ log }) {
  return log.filter(({ kind }) => kind === 'up').map(({ id }) => String(id))
}

/** @param {Snapshot} after */
function nameProblems(after) {
  const hashes = new Map(rowsOf(after, 'images').map((row) => [row['id'], row['hash']]))
  return rowsOf(after, 'bookings')
    .flatMap((row) => same(`cover of booking ${row['id']}`, row['cover'], hashes.get(row['image_id'])))
    .concat(
      rowsOf(after, 'accounts').flatMap((row) =>
        same(`name of account ${row['id']}`, row['display_name'], `${row['given_name']} ${row['family_name']}`),
      ),
    )
}
