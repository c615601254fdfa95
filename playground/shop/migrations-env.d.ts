/* eslint-disable */
// biome-ignore-all lint: generated
// biome-ignore-all format: generated
// Written by unplugin-migrations at every build. Commit it: a type check may come before the first build.
/// <reference types="unplugin-migrations/client" />

// prettier-ignore
export interface MigrationIds {
  "@acme/accounts:0001_init": true
  "@acme/accounts:0002_display_name": true
  "@acme/images:0001_init": true
  "@acme/images:0002_caption": true
  "@acme/images:0003_content_addressed": true
  "shop:0001_products": true
  "shop:0002_orders": true
  "shop:0003_first_products": true
}

// prettier-ignore
declare module 'unplugin-migrations/runtime' {
  interface KnownIds extends MigrationIds {}
}
