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
    /** Prints the end of it. Answers whether everything holds. */
    conclude() {
      const text =
        failed > 0
          ? paint('red', `FAILED: ${failed} of ${passed + failed} checks`)
          : paint('green', `All ${passed} checks hold.`)
      console.log(`\n${text}`)
      return failed === 0
    },
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
  const [found, wanted] = [JSON.stringify(actual) ?? 'undefined', JSON.stringify(expected) ?? 'undefined']
  if (found === wanted) return []
  const difference = found.split('').findIndex((character, index) => character !== wanted[index])
  const start = Math.max(0, (difference < 0 ? found.length : difference) - CONTEXT)
  return [`${what}: found ${excerpt(found, start)}, expected ${excerpt(wanted, start)}`]
}

const CONTEXT = 60
const LONGEST = 300

/**
 * @param {string} text
 * @param {number} start
 */
function excerpt(text, start) {
  if (text.length <= LONGEST) return text
  return `${start > 0 ? '…' : ''}${text.slice(start, start + LONGEST)}${start + LONGEST < text.length ? '…' : ''}`
}
