/** What the build makes. `migrations-env.d.ts`, which the plugin writes, refers to this file. */
declare module 'virtual:migrations' {
  const manifest: import('unplugin-migrations/graph').Manifest
  export default manifest
}
