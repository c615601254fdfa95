import { describe, it } from 'vitest'
import { testAdapter } from '../../dist/testing.js'

type Options = Parameters<typeof testAdapter>[1]

/** A test for each case of an adapter of ours. Cases are known before the tests begin: what a fixture needs is there. */
export function useCases(name: string, options: Options = {}, isRun: (name: string) => boolean = () => true): void {
  describe(name, async () => {
    const url = new URL(`./${name}.fixture.mjs`, import.meta.url)
    for (const one of await testAdapter(url, options)) if (isRun(one.name)) it(one.name, one.run)
  })
}
