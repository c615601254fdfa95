import { note, paint } from './report.mjs'

/** Collects what is checked, so that one run tells of everything that is off. */
export function createChecks() {
  let [passed, failed] = [0, 0]
  return {
    /**
     * @param {string} what
     * @param {readonly string[]} problems None: it holds.
     */
    check(what, problems) {
      if (problems.length === 0) passed += 1
      else failed += 1
      note(problems.length === 0 ? `${paint('green', '✔')} ${what}` : `${paint('red', '✘')} ${what}`)
      for (const problem of problems) note(`    ${problem}`)
    },
    counts: () => ({ passed, failed }),
  }
}

/** @typedef {ReturnType<typeof createChecks>} Checks */

/**
 * @param {string} what
 * @param {unknown} actual
 * @param {unknown} expected
 * @returns {readonly string[]} A problem when the two differ as JSON.
 */
export function same(what, actual, expected) {
  const [found, wanted] = [JSON.stringify(actual), JSON.stringify(expected)]
  return found === wanted ? [] : [`${what}: found ${found}, expected ${wanted}`]
}
