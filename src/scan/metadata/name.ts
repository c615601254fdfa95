const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*(?:\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/
const PACKAGE = /^(?:@[A-Za-z0-9~-][A-Za-z0-9._~-]*\/)?[A-Za-z0-9][A-Za-z0-9._~-]*$/
/** Windows has no files of these names, with any extension. */
const DEVICE = /(?:^|\/)(?:con|prn|aux|nul|com\d|lpt\d)(?:\.[^/]*)?(?:\/|$)/i
const LENGTH = 200

/** What is wrong with a migration's name, or `undefined`. */
export function nameProblem(name: string): string | undefined {
  if (name.length > LENGTH) return `is longer than ${LENGTH} characters`
  if (!NAME.test(name)) return 'is outside the grammar'
  if (/\.(?:\/|$)/.test(name)) return 'has a part that ends with a dot'
  return DEVICE.test(name) ? 'has a part that Windows reserves for a device' : undefined
}

/** What is wrong with a package's identity, or `undefined`. */
export function packageNameProblem(name: string): string | undefined {
  if (name.length > LENGTH) return `is longer than ${LENGTH} characters`
  return PACKAGE.test(name) ? undefined : 'is outside the grammar'
}
