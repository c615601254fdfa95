/** `05`: what the lock file forbids. */
export const BUILD_LOCK = {
  MIG_B0501: {
    title: 'A lock file of a newer version',
    why: 'Its first line names a format that this version does not know.',
    fix: 'Update unplugin-migrations to the version that wrote it.',
  },
  MIG_B0502: {
    title: 'A lock file with the marks of a merge',
    why: 'Two branches added migrations to one package, and somebody has to see the order in which both run.',
    fix: 'Run `npx unplugin-migrations lock`: it keeps the lines of both sides, yours first. Read the result and commit it.',
  },
  MIG_B0503: {
    title: 'A lock file that cannot be read',
    why: 'What may run is not known where a line has no meaning, or a migration has two.',
    fix: 'Take the file back from Git and run `npx unplugin-migrations lock`.',
  },
  MIG_B0504: {
    title: 'A lock file with lines that nobody wrote',
    why: 'The digest of a block is not that of its lines: they were changed by hand, or a merge mixed those of two branches.',
    fix: 'Look at what changed, then run `npx unplugin-migrations lock`.',
  },
  MIG_B0505: {
    title: 'A committed migration that changed',
    why: 'It may have run as it was, and would not run again: databases would differ by when they were made. Comments, formatting and types do not count.',
    fix: 'Take the change back and write a new migration. Where it has run nowhere, or does the same as before, accept it: `npx unplugin-migrations lock --accept <id>`. The old hash stays on the line, so that databases know.',
  },
  MIG_B0506: {
    title: 'A committed migration that is gone',
    why: 'A new database would lack what it did, and one that has it would not know it any more.',
    fix: 'Put it back, or say that it was removed on purpose: `npx unplugin-migrations lock --accept <id>`, or `--accept <package>` where a package left. A renamed package says `"formerly"` in its field.',
  },
  MIG_B0507: {
    title: 'A committed migration with other edges',
    why: 'What it declares to depend on is held against history: databases where it has run may not have run that before.',
    fix: 'Take the change back, or accept it: `npx unplugin-migrations lock --accept <id>`.',
  },
  MIG_B0508: {
    title: 'A new migration in front of a committed one',
    why: 'Where the committed one has run, the new one would come late; on a new database it would come first.',
    fix: 'Rename it so that it comes last. To let it follow the committed ones under its name: `npx unplugin-migrations lock --accept <id>`.',
  },
  MIG_B0509: {
    title: 'Migrations of an installed package that nobody reviewed',
    why: 'They would change your data. Whatever is installed may bring more with each version, so somebody has to have seen them. In development they are left out.',
    fix: 'Read them, then run `npx unplugin-migrations lock` and commit the file.',
  },
  MIG_B0510: {
    title: 'A lock file that is not up to date',
    why: 'In CI, and with the option `frozen`, a build takes the file as it is committed: what was reviewed is what runs.',
    fix: 'Run `npx unplugin-migrations lock` where you work, and commit the file.',
  },
  MIG_B0511: {
    title: 'A migration that is back',
    why: 'Its line in the lock file says that it was removed on purpose, and databases were told so.',
    fix: 'Remove it, or accept that it is back: `npx unplugin-migrations lock --accept <id>`.',
  },
} as const
