/** `04`: the bundler, and what it builds. */
export const BUILD_HOST = {
  MIG_B0401: {
    title: 'The manifest is imported for a client',
    why: 'It names all migrations, and their code comes with it: a browser would be given what only the server may know.',
    fix: 'Import `virtual:migrations` in code for the server only. Where storages live in the browser, set the option `client: true`.',
  },
  MIG_B0402: {
    title: 'Nothing imports the manifest',
    why: 'A server is built with the plugin, but none of its modules imports `virtual:migrations`: it starts without migrating anything.',
    fix: "Write `import manifest from 'virtual:migrations'` where the server starts, and give it to `migrate`.",
  },
  MIG_B0403: {
    title: 'The migrations cannot be read',
    why: 'Something failed that has no code of its own, for example the file system.',
    fix: 'Mend what the message names, for example a path or its permissions, and build again.',
  },
  MIG_B0404: {
    title: 'A migration in TypeScript that nothing compiles',
    why: 'Rollup reads JavaScript only, and what its plugins leave of this file is TypeScript still.',
    fix: 'Add a plugin that compiles TypeScript, for example `rollup-plugin-esbuild`. Many of them leave out `node_modules`; migrations that a package ships in TypeScript must be included.',
  },
  MIG_B0405: {
    title: 'A migration in CommonJS that nothing converts',
    why: 'Rollup reads ES modules only. It bundles CommonJS as it stands, which has no `up` there or cannot be loaded at all: the run would fail.',
    fix: 'Add `@rollup/plugin-commonjs`.',
  },
  MIG_B0406: {
    title: 'Migrations that run at each start',
    why: 'Rollup wraps no module. What it puts into one file with the server runs together with it: what stands at the top level of a migration runs at each start, whether the migration is pending or not. Its `up` does not.',
    fix: 'Leave out `output.inlineDynamicImports`, so that each migration has a chunk of its own. Or have nothing run at the top level of migrations, and set the option `eager: true`.',
  },
  MIG_B0407: {
    title: 'The manifest or a migration is left out of the bundle',
    why: 'The option `external` matches it. The output would import `virtual:migrations`, which exists only while something is built, or a file by the path that it has on this machine.',
    fix: 'Let `external` match neither `virtual:migrations` nor absolute paths.',
  },
  MIG_B0408: {
    title: 'Migrations in one chunk with the code that asks for them',
    why: 'What is imported lazily runs last in its chunk. A server that waits at its top level, `await migrate(…)`, would wait for the end of its own chunk for ever, or be given nothing. A configuration of Rollup with `output.inlineDynamicImports` imports migrations eagerly, so that they come first; here it was said only when the bundle was written, or a group of chunks joins them.',
    fix: 'Set the option `eager: true`. Or let each migration have a chunk of its own: without `output.inlineDynamicImports`, `manualChunks` or groups of `codeSplitting` that join them. In Rolldown and Vite, `output.strictExecutionOrder` helps too.',
  },
  MIG_B0409: {
    title: 'The types of the manifest cannot be written',
    why: '`migrations-env.d.ts` beside the `package.json` of the application is not as the migrations are now, and cannot be written. The build itself is whole.',
    fix: 'Build where the folder can be written to and commit the file, or set the option `types: false`.',
  },
  MIG_B0410: {
    title: 'A lock file that cannot be written',
    why: 'The build found what the file lacks, and has no right to the folder. What it emits is complete all the same.',
    fix: 'Build where the folder can be written to and commit the file, or set the option `frozen` where it must be complete already.',
  },
} as const
