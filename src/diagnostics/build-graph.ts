/** `01`: what is wrong with the graph of migrations. */
export const BUILD_GRAPH = {
  MIG_B0101: {
    title: 'Migrations wait for each other through parents and dependencies',
    why: 'A cycle has no order in which each comes after those that it needs. The shortest one is shown; places in a package and edges between migrations make it together.',
    fix: 'Remove one of the edges that are shown. An edge `above` goes away when the migration names its `parents`.',
  },
  MIG_B0102: {
    title: 'Two migrations with one id',
    why: 'The id is what a database records as applied, so it belongs to one migration for ever: also one that it had `formerly`.',
    fix: 'Rename one of them, the one that was not released yet.',
  },
  MIG_B0103: {
    title: 'A migration names itself',
    why: 'It can neither come before itself, nor exclude or replace itself.',
    fix: 'Remove the reference.',
  },
  MIG_B0104: {
    title: 'A migration that does not exist',
    why: 'The package is here, but it brings no migration of that name: a typing error, or another version of the package.',
    fix: 'Correct the name, or install the version of the package that has it.',
  },
  MIG_B0105: {
    title: 'A migration of a package that is absent',
    why: 'The package is not installed, is excluded, or brings no migrations. Waiting for it for ever would hide a mistake.',
    fix: 'Install the package. Where it is optional, list it in `optionalDependencies`, or in `peerDependencies` with `peerDependenciesMeta`: then the edge waits.',
  },
  MIG_B0106: {
    title: 'A dependency on a package as a whole',
    why: 'What a package contains changes with its versions, so such an edge would change its meaning after it was applied.',
    fix: 'Name the migration that is needed: `<package>:<name>`. `<package>@base` stands for its first ones.',
  },
  MIG_B0107: {
    title: 'A name without its package',
    why: 'References go across packages, so they name the package too.',
    fix: 'Write `<package>:<name>`.',
  },
  MIG_B0108: {
    title: 'A reference that cannot be read',
    why: 'A reference is `<package>:<name>` or `<package>@base`.',
    fix: 'Write it like that.',
  },
  MIG_B0109: {
    title: 'A parent that does not exist',
    why: '`parents` names migrations of the same package.',
    fix: 'Correct the name. Migrations of other packages belong into `dependsOn`.',
  },
  MIG_B0110: {
    title: 'A package with several ends',
    why: 'Branches were started and not brought together: what comes next would follow one of them by chance.',
    fix: 'Add a migration whose `parents` names all of them, or remove `parents` where no branch was meant.',
  },
  MIG_B0111: {
    title: 'Migrations that exclude each other',
    why: 'One of them says by `conflictsWith` that the other must not be in the same application.',
    fix: 'Leave one of the packages out, or exclude its migrations: `packages: { "<package>": false }`.',
  },
  MIG_B0112: {
    title: 'Migrations of a package wait for each other through their parents',
    why: 'Following `parents` and places inside the package leads back to where it started. The shortest such cycle is shown.',
    fix: 'Correct the `parents` that are shown: a parent is a migration that was there before.',
  },
  MIG_B0113: {
    title: 'Migrations wait for each other through their dependencies',
    why: 'Following `dependsOn`, `runBefore` and `replaces` leads back to where it started. The shortest such cycle is shown.',
    fix: 'Remove one of the edges that are shown. Where two packages need each other, split one of the migrations.',
  },
  MIG_B0114: {
    title: 'A migration that is its own parent',
    why: 'A parent comes before its child.',
    fix: 'Name the migration that was there before, or write `parents: []` to start a branch.',
  },
  MIG_B0115: {
    title: 'A label on two lineages',
    why: 'A label names one branch, so whoever carries it follows, in the same package, whoever carried it before. Otherwise `<label>@head` would mean two things.',
    fix: 'Give one of them another label.',
  },
  MIG_B0116: {
    title: 'A label that a target cannot name',
    why: 'Targets are written `<label>@head`. A label consists of letters, digits and `._/-`, begins with a letter or digit, and is not the name of a package.',
    fix: 'Choose another label.',
  },
  MIG_B0117: {
    title: 'A migration that two squashes replace',
    why: 'On a new storage both squashes would run, and do the same work twice. That is right only where one of them replaces the other.',
    fix: 'List the older squash in `replaces` of the newer one, or take the migration out of one of them.',
  },
} as const
