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
    fix: 'See the cause.',
  },
} as const
