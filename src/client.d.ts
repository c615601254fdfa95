/** What the build makes. Typed by `/// <reference types="unplugin-migrations/client" />`. */
declare module 'virtual:migrations' {
  const manifest: import('unplugin-migrations/graph').Manifest
  export default manifest
}
