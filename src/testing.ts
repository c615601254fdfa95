export type { AdapterCase, TestAdapterOptions } from './testing/adapter-case.ts'
export type { Fixture, Opened, Trace } from './testing/fixture.ts'
export { testAdapter } from './testing/test-adapter.ts'
