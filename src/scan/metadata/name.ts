const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*(?:\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/
const PACKAGE = /^(?:@[A-Za-z0-9~-][A-Za-z0-9._~-]*\/)?[A-Za-z0-9][A-Za-z0-9._~-]*$/
/** Windows has no files of these names, with any extension. */
const DEVICE = /(?:^|\/)(?:con|prn|aux|nul|com\d|lpt\d)(?:\.[^/]*)?(?:\/|$)/i
const LENGTH = 200
const GRAMMAR = 'is not made of letters, digits, `.`, `_` and `-` of ASCII, with a letter or digit first'

/** What is wrong with a migration's name, or `undefined`. */
export function nameProblem(name: string): string | undefined {
  if (name.length > LENGTH) return `is longer than ${LENGTH} characters`
  if (!NAME.test(name)) return GRAMMAR
  if (/\.(?:\/|$)/.test(name)) return 'has a part that ends with a dot'
  return DEVICE.test(name) ? 'has a part that Windows reserves for a device' : undefined
}

/** A name for a message: code points outside of ASCII as numbers, since they may look like something else, or like nothing. */
export function shownName(name: string): string {
  const cut = name.length > 80 ? `${name.slice(0, 80)}…` : name
  return JSON.stringify(cut).replaceAll(
    /[^\u0020-\u007e…]/gu,
    (char) => `\\u{${char.codePointAt(0)?.toString(16) ?? ''}}`,
  )
}

/** What is wrong with a package's identity, or `undefined`. */
export function packageNameProblem(name: string): string | undefined {
  if (name.length > LENGTH) return `is longer than ${LENGTH} characters`
  return PACKAGE.test(name) ? undefined : GRAMMAR
}
