// What an editor offers inside the quotes of a text, with the project's own TypeScript.
import { dirname } from 'node:path'
import ts from 'typescript'

const text = `import { defineMigration } from 'unplugin-migrations/runtime'
defineMigration({ uses: {}, dependsOn: [''], async up() {} })
`
const file = `${import.meta.dirname}/completed.ts`
const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile)
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, dirname(file))
const read = (name) => (name === file ? text : ts.sys.readFile(name))
const service = ts.createLanguageService({
  ...ts.sys,
  useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
  readFile: read,
  fileExists: (name) => name === file || ts.sys.fileExists(name),
  getCurrentDirectory: () => dirname(file),
  getCompilationSettings: () => options,
  getDefaultLibFileName: ts.getDefaultLibFilePath,
  getScriptFileNames: () => [file, `${dirname(file)}/migrations-env.d.ts`],
  getScriptVersion: () => '1',
  getScriptSnapshot: (name) => {
    const content = read(name)
    return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content)
  },
})
const completions = service.getCompletionsAtPosition(file, text.indexOf("['']") + 2, undefined)
console.log(JSON.stringify(completions?.entries.map(({ name }) => name) ?? []))
