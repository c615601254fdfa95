export { stopOn } from './process/stop-on.ts'
export type { Stop, StopOptions } from './process/stop-on.ts'
