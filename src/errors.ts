export type { CatalogueEntry } from './diagnostics/diagnostic.ts'
export { explain } from './diagnostics/explain.ts'
