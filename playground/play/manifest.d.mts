/** What is read of `migrations.manifest.json`, which the build emits beside the server. */
export interface EmittedManifest {
  readonly migrations: readonly { readonly id: string; readonly uses: Readonly<Record<string, string>> }[]
}
