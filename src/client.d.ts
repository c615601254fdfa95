declare module 'virtual:migrations' {
  const manifest: import('unplugin-migrations/graph').Manifest
  export default manifest
}
