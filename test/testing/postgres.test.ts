import { beforeAll, expect, it } from 'vitest'
import { testAdapter } from '../../dist/testing.js'
import { usePostgres } from '../servers/postgres.ts'

const server = usePostgres()
beforeAll(async () => {
  process.env['TESTING_POSTGRES'] = await server.createDatabase()
})

/** Names of the cases, all of which have passed, of those whose name begins with `group`. */
async function passing(name: string, group = ''): Promise<readonly string[]> {
  const passed: string[] = []
  const cases = await testAdapter(new URL(`./${name}.fixture.mjs`, import.meta.url), { killEvery: 13 })
  for (const { name: title, run } of cases.filter((one) => one.name.startsWith(group))) {
    await expect(run(), title).resolves.toBeUndefined()
    passed.push(title)
  }
  return passed
}

it.each([
  ['pg', 'begin: effect and entry are there after commit, the entry completed'],
  ['pg-direct', 'direct: where a serial is taken nothing is committed, and a gap is refused'],
])(
  '%s passes every case',
  async (name, one) => {
    const passed = await passing(name)
    expect(passed).toContain(one)
    expect(passed.filter((title) => title.startsWith('run: '))).toHaveLength(3)
  },
  300_000,
)

it('pg as the state store of others passes the cases of its lease', async () => {
  expect(await passing('pg-state', 'lease: ')).toHaveLength(3)
})
