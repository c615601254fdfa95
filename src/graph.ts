export { packageOf } from './graph/manifest.ts'
export type { Id, Manifest, ManifestMigration, Member, RoleKinds, SqlModule } from './graph/manifest.ts'
