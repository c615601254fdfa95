import { createHash } from 'node:crypto'
import { same } from './checks.mjs'
import { encodePng } from './png.mjs'
import { drawScene } from './scene.mjs'
import { rowsOf } from './snapshot.mjs'

/** @typedef {import('./snapshot.mjs').Snapshot} Snapshot */

/** What the second instance of the images component has to do, on its own storages. */
export const AVATARS = ['@acme/images:0001_init', '@acme/images:0002_caption', '@acme/images:0003_content_addressed']

/**
 * Whether the second instance has a log and tables of its own.
 * @param {import('./checks.mjs').Checks} checks
 * @param {Snapshot} after
 */
export function checkSecondInstance({ check }, { avatars }) {
  check('the second instance of the images component has storages and a log of its own', [
    ...same(
      'its log',
      avatars.log.filter(({ kind }) => kind === 'up').map(({ id }) => id),
      AVATARS,
    ),
    ...same('its rows', avatars.images, []),
  ])
}

/** Not everybody has one. */
const UPLOADS = [
  { account: 1, seed: 21 },
  { account: 3, seed: 22 },
]

/**
 * Uploads avatars as people would.
 * @param {string} url
 * @returns {Promise<ReadonlyMap<number, string>>} Account's id → SHA-256 of its avatar.
 */
export async function uploadAvatars(url) {
  const hashes = new Map()
  for (const { account, seed } of UPLOADS) {
    const bytes = avatar(seed)
    const response = await fetch(new URL(`accounts/${account}/avatar`, url), { method: 'PUT', body: bytes })
    if (response.status !== 204) throw new Error(`The avatar of account ${account} was answered ${response.status}`)
    hashes.set(account, createHash('sha256').update(bytes).digest('hex'))
  }
  return hashes
}

/** @param {number} seed */
function avatar(seed) {
  const scene = { top: '#3d5a80', horizon: '#ee6c4d', far: '#98c1d9', near: '#293241', sun: '#e0fbfc', seed }
  return new Uint8Array(encodePng(96, 96, drawScene({ ...scene, width: 96, height: 96 })))
}

/**
 * @param {import('./checks.mjs').Checks} checks
 * @param {ReadonlyMap<number, string>} uploaded
 * @param {Snapshot} before
 * @param {Snapshot} after
 */
export function checkAvatars({ check }, uploaded, before, after) {
  const hashes = new Map(after.avatars.images.map((row) => [row['id'], row['hash']]))
  const shown = rowsOf(after, 'travel_avatars').map((row) => [row['account_id'], hashes.get(row['image_id'])])
  check('every avatar is a row and a file of the second instance, and none of the first', [
    ...same('avatars', shown, [...uploaded]),
    ...same('files', [...after.avatars.pictures.values()].toSorted(), [...hashes.values()].toSorted()),
    ...same('images', rowsOf(after, 'images'), rowsOf(before, 'images')),
    ...same('pictures', [...after.pictures], [...before.pictures]),
  ])
}
