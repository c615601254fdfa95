import type { BuildCode } from '../../../src/diagnostics/build.ts'
import type { BUILD_HOST } from '../../../src/diagnostics/build-host.ts'
import { CODE } from './code.ts'
import type { Fixtures } from './fixture.ts'
import { GRAPH } from './graph.ts'
import { LOCK } from './lock.ts'
import { METADATA } from './metadata.ts'
import { PACKAGES } from './packages.ts'
import { TRAITS } from './traits.ts'

/** What a scan finds. What bundlers add is in `test/bundlers/problems`. */
export type ScanCode = Exclude<BuildCode, keyof typeof BUILD_HOST>

/** The type asks for a fixture of every code. */
export const EVERY: Fixtures<ScanCode> = { ...GRAPH, ...PACKAGES, ...METADATA, ...CODE, ...TRAITS, ...LOCK }
