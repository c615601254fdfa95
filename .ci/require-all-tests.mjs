// A test that is skipped on a machine that has everything is a test that is missing.
import { readFileSync } from 'node:fs'

const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
  readFileSync(process.argv[2], 'utf8'),
)
const skipped = numPendingTests + numTodoTests
console.log(`tests: ${numPassedTests} passed, ${numFailedTests} failed, ${skipped} skipped`)
for (const { name, assertionResults } of testResults) {
  for (const { status, fullName } of assertionResults) {
    if (status !== 'passed') console.error(`${status}: ${name}: ${fullName}`)
  }
}
if (numPassedTests === 0 || numFailedTests > 0 || skipped > 0) process.exit(1)
