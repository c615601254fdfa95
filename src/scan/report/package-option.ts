import type { PackageOption } from '../options.ts'

/** What to write where the plugin is used, for a fix. */
export function packageOption(name: string, value: 'false' | keyof PackageOption, text?: string): string {
  return `migrations({ packages: { '${name}': ${value === 'false' ? value : `{ ${value}: '${text ?? ''}' }`} } })`
}
