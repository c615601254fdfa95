import { findApplication } from '../packages/application.ts'
import { Report } from '../report/report.ts'
import { LOCK_FILE } from './lock-file.ts'
import { type LockedOptions, parseOptions } from './locked-options.ts'
import { readLockText } from './read-text.ts'
import { understand } from './understand.ts'

/** The options of the build by which an application's lock file was written; none where it holds none. @param root as of a scan */
export function readOptions(root: string): LockedOptions {
  // What is wrong is for the scan to report.
  const application = findApplication(root, new Report())
  const text = application && readLockText(`${application.root}/${LOCK_FILE}`)
  const options = text === undefined ? undefined : understand(text, true).lock?.options
  return (options === undefined ? undefined : parseOptions(options)) ?? {}
}
