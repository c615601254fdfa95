import { expect, it } from 'vitest'
import { migration, pkg } from '../scan/tree.ts'
import { attack, CANARY } from './attack.ts'

const STEAL = `const steal = () => { ${CANARY.replaceAll('\n', ';')} }`

/** Metadata that says something only when it is executed. */
const ACTIVE = {
  'a sequence': "export const id = (steal(), 'x')",
  'a call': 'export const id = steal()',
  'a template': 'export const id = `${steal()}`',
  'a tag': 'export const id = steal`x`',
  'an await': 'export const id = await steal()',
  'a condition': "export const id = steal() ? 'x' : 'y'",
  'an item of a list': "export const dependsOn = ['a:1', steal()]",
  'a spread': 'export const labels = [...steal()]',
  'a class': 'export const labels = class { static { steal() } }',
  'a re-export': "export { id } from './_steal.js'",
  'an export of everything': "export * from './_steal.js'",
}
/** The same in a default export. */
const DEFAULTS = {
  'a getter': "export default { get id() { steal() }, uses: { db: 'sql' }, up() {} }",
  'a computed name': "export default { [steal()]: 1, uses: { db: 'sql' }, up() {} }",
  'a spread': "export default { ...steal(), uses: { db: 'sql' }, up() {} }",
  'a function that makes it': 'export default steal()',
  'a call before it': "export default (steal(), { uses: { db: 'sql' }, up() {} })",
}

it.each(Object.entries(ACTIVE))('H13 metadata that is %s is refused, and not executed', async (_, line) => {
  const { codes } = await attack({
    'migrations/1.js': `${STEAL}\n${migration(line)}`,
    'migrations/_steal.js': `${CANARY}\nexport const id = 'x'`,
  })
  expect(codes).toEqual(['MIG_B0302'])
})

it.each(Object.entries(DEFAULTS))('H13 a default export with %s is refused, and not executed', async (_, line) => {
  expect((await attack({ 'migrations/1.js': `${STEAL}\n${line}` })).codes).toEqual(['MIG_B0302'])
})

it('H13 what is literal is read, and nothing around it is executed', async () => {
  const { codes, ids } = await attack({
    'package.json': pkg('app', { main: './index.js', scripts: { install: 'node index.js' } }),
    'index.js': CANARY,
    'migrations/index.js': CANARY,
    'migrations/1.js': `${CANARY}\n${migration()}await (async () => {})()`,
    'migrations/2.js': `import './_steal.js'\n${migration()}`,
    'migrations/_steal.js': 'globalThis.canary = true\nexport {}',
    'migrations/3.cjs': "globalThis.canary = true\nexports.uses = { db: 'sql' }\nexports.up = () => {}",
  })
  expect({ codes, ids }).toEqual({ codes: [], ids: ['app:1', 'app:2', 'app:3'] })
})
