import { join } from 'node:path'
import { buildSite } from './build-site.mjs'
import { checkOut } from './check-out.mjs'

/**
 * Lays out the site as it is at another release, and builds it.
 * @param {'older-release' | 'newer-release'} name
 * @param {string} folder Must not exist.
 * @returns {Promise<string>} The built server.
 */
export async function buildRelease(name, folder) {
  await checkOut(name, folder)
  return buildSite(folder, join(folder, 'dist'))
}
