import { join } from 'node:path'
import { type Declaration, type Declared, DeclarationFile } from './declaration-file.ts'
import { entries, type Entry, repository } from './entries.ts'

/** What an entry offers: its exports, then the types that only show in them. Without comments. */
export function printApi({ specifier, types }: Entry): string {
  const file = fileOf(types)
  if (!file.isModule) return `// ${specifier}\n\n${file.text}\n`
  const exported = file.exportedNames.map((name) => [name, file.exported(name)] as const)
  const own = new Set<string>()
  const lines = exported.map(([name, declared]) => {
    if (declared.kind === 'foreign') return `export { ${declared.name} as ${name} } from '${declared.module}'`
    if (declared.name !== name) return `export { ${declared.name} as ${/^\w+$/.test(name) ? name : `'${name}'`} }`
    own.add(keyOf(declared))
    return `export ${bare(declared)}`
  })
  const elsewhere = exportsBeside(own)
  const { declarations, foreign } = reachable(
    exported.map(([, declared]) => declared),
    elsewhere,
  )
  const imports = foreign.map(({ name, module }) => `import { ${name} } from '${module}'`)
  const others = declarations.filter((each) => !own.has(keyOf(each)))
  const behind = others.filter((each) => !elsewhere.has(keyOf(each))).map(shortened)
  for (const each of others) {
    const from = elsewhere.get(keyOf(each))
    if (from !== undefined) imports.push(`import { ${each.name} } from '${from}'`)
  }
  return `${[
    `// ${specifier}`,
    ...(imports.length > 0 ? [sorted(imports).join('\n')] : []),
    ...lines,
    ...(behind.length > 0 ? ['// Not exported:', ...sorted(behind)] : []),
  ].join('\n\n')}\n`
}

/** Packages whose types an entry asks for. */
export function foreignModules({ types }: Entry): readonly string[] {
  const file = fileOf(types)
  const { foreign } = reachable(file.exportedNames.map((name) => file.exported(name)))
  return sorted(new Set(foreign.map(({ module }) => module)))
}

/** What other entries export under its own name, and which. It is printed there. */
function exportsBeside(own: ReadonlySet<string>): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const { specifier, types } of entries.toReversed()) {
    const file = fileOf(types)
    for (const name of file.exportedNames) {
      const declared = file.exported(name)
      if (declared.name === name && !own.has(keyOf(declared))) found.set(keyOf(declared), specifier)
    }
  }
  return found
}

interface Reachable {
  readonly declarations: readonly Declaration[]
  readonly foreign: readonly Extract<Declared, { kind: 'foreign' }>[]
}

/** @param closed not looked into */
function reachable(from: readonly Declared[], closed: ReadonlyMap<string, unknown> = new Map()): Reachable {
  const found = new Map<string, Declared>()
  const open = [...from]
  for (let next = open.pop(); next; next = open.pop()) {
    if (found.has(keyOf(next))) continue
    found.set(keyOf(next), next)
    if (next.kind === 'foreign' || closed.has(keyOf(next))) continue
    const file = DeclarationFile.at(next.file)
    for (const name of next.mentions) if (file.knows(name)) open.push(file.declared(name))
  }
  const all = [...found.values()]
  return {
    declarations: all.filter((each) => each.kind === 'declaration'),
    foreign: all.filter((each) => each.kind === 'foreign'),
  }
}

function fileOf(types: string): DeclarationFile {
  return DeclarationFile.at(join(repository, types))
}

function keyOf(declared: Declared): string {
  return `${declared.kind === 'foreign' ? declared.module : declared.file} ${declared.name}`
}

function bare({ text }: Declaration): string {
  return text.replaceAll(/^(export )?(declare )?/gm, '')
}

function shortened(declaration: Declaration): string {
  const { name, keys } = declaration
  return keys.length > 0 ? `const ${name}: {\n${keys.map((key) => `    ${key};\n`).join('')}}` : bare(declaration)
}

function sorted(texts: Iterable<string>): readonly string[] {
  return [...texts].toSorted()
}
