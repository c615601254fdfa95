import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fieldId } from './field.ts'
import { type PackageJson, readPackageJson, textOf } from './package-json.ts'
import { realPath, withSlashes } from '../paths.ts'
import { jsonProblem } from './json-problem.ts'
import { type Report, sourceAt } from '../report/report.ts'

/** Such a package.json only says how to read the files beside it. */
const MARKER_FIELDS: ReadonlySet<string> = new Set(['type', 'sideEffects', 'imports', 'exports', 'main', 'types'])

export interface Application {
  readonly root: string
  readonly json: PackageJson
}

/** The nearest package.json at or above `root` that is more than a marker. Reports when it is none, or has no identity. */
export function findApplication(root: string, report: Report): Application | undefined {
  const start = realPath(resolve(root)) ?? withSlashes(resolve(root))
  for (let folder = start; ; folder = above(folder)) {
    const application = existsSync(`${folder}/package.json`) ? read(folder, report) : undefined
    if (application === 'unreadable') return undefined
    if (application && textOf(application.json, 'name') === undefined && fieldId(application.json) === undefined) {
      const file = application.json.source.file
      report.error('MIG_B0201', {
        message: `The application in ${file} has neither a name nor an id.`,
        fix: `Add this line to it: "name": "${nameFor(folder)}"`,
        sources: [sourceAt(application.json.source, 0)],
      })
      return undefined
    }
    if (application) return application
    if (above(folder) === folder) break
  }
  report.error('MIG_B0201', {
    message: `There is no package.json in ${start} or above it, so the application has no name.`,
    fix: 'Create a package.json with this content: { "name": "app", "private": true }',
  })
  return undefined
}

function read(folder: string, report: Report): Application | 'unreadable' | undefined {
  try {
    const json = readPackageJson(folder)
    if ([...json.fields.keys()].every((field) => MARKER_FIELDS.has(field))) return undefined
    return { root: folder, json }
  } catch (error) {
    const file = `${folder}/package.json`
    const { reason, source } = jsonProblem(file, error)
    report.error('MIG_B0202', {
      message: `${file} cannot be read: ${reason}.`,
      fix: 'Correct the file.',
      sources: [source],
    })
    return 'unreadable'
  }
}

/** The name of a folder, as npm takes it for a package. */
function nameFor(folder: string): string {
  const name = folder.slice(folder.lastIndexOf('/') + 1).toLowerCase()
  return name.replaceAll(/[^a-z0-9._-]+/g, '-').replaceAll(/^[^a-z0-9]+|[^a-z0-9]+$/g, '') || 'app'
}

function above(folder: string): string {
  return withSlashes(resolve(folder, '..'))
}
