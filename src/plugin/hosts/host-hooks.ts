import type { UnpluginOptions } from 'unplugin'

/** All that the plugin is for one host. */
export type HostHooks = Omit<UnpluginOptions, 'name'>
