/** `03`: what a migration says about itself, and its code. */
export const BUILD_METADATA = {
  MIG_B0301: {
    title: 'A syntax error',
    why: 'The file cannot be parsed.',
    fix: 'Correct it at the place that is shown.',
  },
  MIG_B0302: {
    title: 'Metadata that is not literal',
    why: 'The build reads metadata by parsing and never executes a migration. Strings, numbers, booleans, arrays and objects of those are literal.',
    fix: 'Write the value itself.',
  },
  MIG_B0303: {
    title: 'An unknown field',
    why: 'A field that nobody reads is a typing error, or was meant for a newer version.',
    fix: 'Correct its name, or remove it.',
  },
  MIG_B0305: {
    title: 'A field with a value of the wrong type',
    why: 'Each field has one type.',
    fix: 'Write a value of that type.',
  },
  MIG_B0306: {
    title: 'A migration, or a step, without `up`',
    why: 'There is nothing to run.',
    fix: 'Export `up` or `steps`, or begin the name of the file with `_` when it is no migration.',
  },
  MIG_B0307: {
    title: 'A name that no role can have',
    why: 'Roles are fields of what `up` receives, beside `id`, `attempt`, `tenant`, `signal`, `params`, `log`, `progress` and `checkpoint`.',
    fix: 'Choose another name for the role.',
  },
  MIG_B0308: {
    title: 'No role, or a role without a kind',
    why: 'A migration says which storages it asks for, by a name of its own and the kind of each.',
    fix: "Write `uses: { db: 'sql' }`.",
  },
  MIG_B0309: {
    title: 'A `.sql` file whose storage is not known',
    why: 'It runs on the only role of kind `sql` that its package has. There is none, or there are several.',
    fix: 'Begin the file with the line `-- uses: <role>`.',
  },
  MIG_B0310: {
    title: 'Transaction control inside a migration',
    why: 'The runtime owns the transaction. A COMMIT inside would leave a migration recorded with half of its effect.',
    fix: 'Remove BEGIN, COMMIT, ROLLBACK and SAVEPOINT.',
  },
  MIG_B0311: {
    title: 'A construct that cannot be hashed',
    why: 'Migrations and what they import are JavaScript, or TypeScript whose types can be erased: enum, namespace, parameter property, decorator, `import =` and JSX need a compiler whose output may change.',
    fix: 'Write it in plain JavaScript.',
  },
  MIG_B0312: {
    title: 'Code that the hash does not cover',
    why: 'What a migration does must not change after it was applied. Code outside its folder changes without anybody noticing.',
    fix: 'Freeze it: copy what you need into the folder, for example into `_helpers.ts`.',
  },
  MIG_B0313: {
    title: 'An imported file that does not exist',
    why: 'A relative import leads to no file, so its content cannot be part of the hash.',
    fix: 'Correct the path.',
  },
  MIG_B0314: {
    title: 'Fields in two places',
    why: 'A migration is its default export, or its named exports. Here a field stands beside a default export and would be ignored.',
    fix: 'Move it into the default export.',
  },
  MIG_B0315: {
    title: 'Fields that contradict each other',
    why: 'What a migration with `steps` does is said by each step for itself. What is `repeatable` follows all that its package runs once, so it has no place among them and cannot be taken back.',
    fix: 'Remove one of them.',
  },
  MIG_B0316: {
    title: 'A step that cannot run',
    why: 'What is left of a migration is known by the names of its steps, so each has one of its own, made as that of a migration. It uses storages of its migration.',
    fix: 'Correct the name, or the list of roles.',
  },
  MIG_B0317: {
    title: 'A migration that needs what may run later',
    why: "A run with `mode: 'required'` leaves what is `deferrable` to another one, so it could never run what depends on it. And what runs `always` runs when everything else is done.",
    fix: 'Take the field away from the one, give it to the other as well, or remove the edge.',
  },
} as const
