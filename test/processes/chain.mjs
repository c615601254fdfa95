/**
 * Migrations as a manifest has them, each behind the one before.
 * @param {readonly ({ readonly members: object } & Readonly<Record<string, unknown>>)[]} given what each does, and what of
 *   it is not as usual
 */
export function chain(given) {
  return given.map(({ members, ...own }, index) => ({
    id: `app:${index + 1}`,
    version: '1.0.0',
    hash: `h0:${index}`,
    accepted: [],
    format: 'module',
    variants: [],
    uses: { db: 'sql' },
    formerly: [],
    replaces: [],
    labels: [],
    has: ['up'],
    parents: [],
    after: index > 0 ? [index - 1] : [],
    load: async () => ({ default: members }),
    ...own,
  }))
}
