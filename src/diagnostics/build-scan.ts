/** `02`: packages, their fields, files and names. */
export const BUILD_SCAN = {
  MIG_B0201: {
    title: 'An application without a name',
    why: 'Ids begin with the name of the package. Without one, the records in a database would belong to nobody.',
    fix: 'Add `"name"` to the package.json, or `"migrations": { "id": "<name>" }`.',
  },
  MIG_B0202: {
    title: 'A package.json that cannot be read',
    why: 'Without it nobody knows whether the package brings migrations.',
    fix: 'Correct the file, or install the package again.',
  },
  MIG_B0203: {
    title: 'A field of another shape',
    why: 'The field of the package.json is neither a path nor an object of `path`, `source`, `format`, `uses`, `id` and `formerly`. As `"migrations"` it may belong to another tool.',
    fix: 'Correct it, or use the name `"unplugin-migrations"` for the field.',
  },
  MIG_B0204: {
    title: 'A folder that does not exist',
    why: 'A package says that it brings migrations, but they are not there: leaving them out would start the application on the wrong schema.',
    fix: 'Build the package, publish the folder (`"files"` in its package.json), or correct the path.',
  },
  MIG_B0205: {
    title: 'A path that leaves its package',
    why: 'Only files inside the real folder of a package are its own. `..`, absolute paths and symlinks to the outside are refused.',
    fix: 'Move the files into the package.',
  },
  MIG_B0206: {
    title: 'Two versions of a package that both bring migrations',
    why: 'They own the same data, and only one of them can know its shape.',
    fix: 'Make the package manager install one version, or pick one: `packages: { "<package>": { version: "<version>" } }`.',
  },
  MIG_B0207: {
    title: 'An option for a package that cannot be followed',
    why: 'The option `packages` names a package or version that is not in the dependency tree of the application, or says of one what has no meaning.',
    fix: 'Correct the entry, install the package, or remove the entry.',
  },
  MIG_B0208: {
    title: 'A format that this version does not read',
    why: 'It reads modules and `.sql` files, the format `module`.',
    fix: 'Remove `format` where the files are modules or SQL.',
  },
  MIG_B0209: {
    title: 'A name outside the grammar',
    why: 'Names go into databases, files and messages of every system. They are letters, digits, `.`, `_` and `-` of ASCII, begin with a letter or digit, and are joined with `/`.',
    fix: 'Rename it.',
  },
  MIG_B0210: {
    title: 'Names that differ only in case',
    why: 'On many file systems and in many databases they are one name.',
    fix: 'Rename one of them.',
  },
  MIG_B0211: {
    title: 'Several files for one migration',
    why: 'A migration is one module, one `.sql` file, or one `.sql` file per dialect.',
    fix: 'Delete what was generated, or rename one of them.',
  },
  MIG_B0212: {
    title: 'A file that is not what its name looks like',
    why: 'The name is close to that of a migration, or of a variant of one. It is left out, or counts as the message says.',
    fix: 'Rename it, or begin its name with `_` to say that it is no migration.',
  },
  MIG_B0213: {
    title: 'No migrations',
    why: 'Neither the application nor a package in its dependency tree brings any, so the manifest is empty.',
    fix: 'Add a folder `migrations`, or say where it is with the option `path`.',
  },
  MIG_B0214: {
    title: 'A file that cannot be read',
    why: 'A file of a migration vanished, is not text, or its permissions forbid it.',
    fix: 'Check that the file is there, that it is text in UTF-8, and its permissions.',
  },
  MIG_B0215: {
    title: 'Two packages with one identity',
    why: 'Ids begin with the identity of the package, which is its name or the `id` in its field. Two packages must not share records.',
    fix: 'Change the `id` of one of them.',
  },
} as const
