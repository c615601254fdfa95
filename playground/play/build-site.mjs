import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { runNode } from './processes.mjs'

const viteFolder = dirname(createRequire(import.meta.url).resolve('vite/package.json'))

/**
 * Builds the site in `root` with Vite, as its own `npm run build` does, into `out`.
 * @param {string} root
 * @param {string} out
 * @returns {Promise<string>} The built server.
 */
export async function buildSite(root, out) {
  await runNode([join(viteFolder, 'bin/vite.js'), 'build', '--outDir', out, '--emptyOutDir', '--logLevel', 'warn'], {
    cwd: root,
    // Releases that are made up have no lock file that somebody committed. That of the site itself has a test.
    env: { CI: '' },
  })
  return join(out, 'server.mjs')
}
