import { expect, it } from 'vitest'
import { renderRule } from './ordering-page.ts'
import { RULES } from './ordering-rules.ts'

const INTRO = `# Order, targets and plans

What \`unplugin-migrations/graph\` decides, for the build and at run time. The pictures and the answers below them are
made by the code. A solid arrow is a declared edge, a dotted one an implied one.
`

const TARGETS = `## Targets

| target                                          | means                                                                                            |
| ----------------------------------------------- | ------------------------------------------------------------------------------------------------ |
| \`heads\`, \`base\`                                 | everything, nothing                                                                              |
| \`<package>:<name>\`, \`<name>\`                    | a migration, with what it needs; the begin of a name is enough where nothing else begins like it |
| \`<package>\`, \`<package>@head\`, \`<package>@base\` | all of a package, nothing of it                                                                  |
| \`<label>@head\`, \`<label>@base\`                  | all of a branch, nothing of it                                                                   |
| \`+2\`, \`-1\`                                      | steps from where the storages are                                                                |
| \`<package>@+1\`, \`<label>@-1\`                    | the same inside a package or a branch                                                            |
| \`<id>+1\`, \`<id>-1\`                              | steps inside the package from a migration; one before the first is nothing                       |

A whole id, name or package wins over what only begins like it. Whatever else could mean two things is refused, with all
that it could mean.
`

const HISTORY = `## History

Before anything runs, what is applied is compared with the code. Applied is a set, never a high-water mark.

| what is found                                                                  | policy           | default                        |
| ------------------------------------------------------------------------------ | ---------------- | ------------------------------ |
| applied, but a declared dependency is not                                      | always stops     |                                |
| a squash is partly applied, and the rest is gone from the code                 | always stops     |                                |
| applied with another hash                                                      | \`changed\`        | \`error\`, in development \`warn\` |
| applied with a hash that the lock file accepted                                | told by \`status\` |                                |
| applied, but not in the code                                                   | \`unknown\`        | \`warn\`                         |
| applied, and retired by the lock file                                          | told by \`status\` |                                |
| late: pending, and an applied one of its package follows it by an implied edge | \`outOfOrder\`     | \`warn\`                         |
`

it('is the page of the docs', async () => {
  const page = [INTRO, ...RULES.map(renderRule), TARGETS, HISTORY].join('\n')
  await expect(page).toMatchFileSnapshot('../../docs/ordering.md')
})
