import { expect, it } from 'vitest'
import { BuildFailure } from '../../src/plugin/failure.ts'
import { FAILED_MODULE, guard, type HostError } from '../../src/plugin/guard.ts'

/** A host that goes on after an error, as webpack and esbuild do. */
function host(): { readonly errors: HostError[]; error(error: HostError): void; warn(): void } {
  const errors: HostError[] = []
  return { errors, error: (error) => void errors.push(error), warn() {} }
}

const root = (): string => '/app'

it('answers what the work answers', async () => {
  const context = host()
  expect(await guard(context, root, 'harmless', () => 'done')).toBe('done')
  expect(context.errors).toEqual([])
})

it('reports all of a failure as one error, at its first place, and answers what is harmless', async () => {
  const context = host()
  const source = { file: '/app/a.ts', line: 3, column: 5, frame: '> 3 | x' }
  const diagnostic = {
    code: 'MIG_B0302',
    severity: 'error',
    message: 'Not literal.',
    fix: 'Write it.',
    sources: [source],
  } as const
  const failure = new BuildFailure([diagnostic])
  expect(await guard(context, root, FAILED_MODULE, () => Promise.reject(failure))).toBe(FAILED_MODULE)
  expect(context.errors).toHaveLength(1)
  expect(context.errors[0]).toMatchObject({
    pluginCode: 'MIG_B0302',
    id: '/app/a.ts',
    loc: { file: '/app/a.ts', line: 3, column: 4 },
    frame: '> 3 | x',
    message:
      '[MIG_B0302] Not literal.\n├▶ fix: Write it.\n├▶ sources: a.ts:3:5\n╰▶ see: unplugin-migrations/docs/errors.md#mig_b0302',
  })
})

it('gives whatever else is thrown a code, and keeps it as the cause', async () => {
  const context = host()
  const cause = new Error('EMFILE: too many open files')
  await guard(context, root, undefined, () => {
    throw cause
  })
  expect(context.errors[0]?.pluginCode).toBe('MIG_B0403')
  expect(context.errors[0]?.message).toContain('EMFILE: too many open files')
  expect(context.errors[0]?.cause).toBe(cause)
})

it('does not catch the error that the host throws', async () => {
  const context = {
    error(error: HostError): never {
      throw error
    },
    warn() {},
  }
  await expect(guard(context, root, 'harmless', () => Promise.reject(new Error('broken')))).rejects.toThrow(
    '[MIG_B0403] The migrations cannot be read: broken',
  )
})

it('a failed module never says that there is nothing to do', async () => {
  await expect(import(`data:text/javascript,${encodeURIComponent(FAILED_MODULE)}`)).rejects.toThrow(
    'could not be built',
  )
})
