/* eslint-disable */
// biome-ignore-all lint: generated
// biome-ignore-all format: generated
// Written by unplugin-migrations at every build. Commit it: a type check may come before the first build.
/// <reference types="unplugin-migrations/client" />

// prettier-ignore
export interface MigrationIds {
  "@acme/accounts:0001_init": true
  "@acme/accounts:0002_display_name": true
  "@acme/activity:0001_init": true
  "@acme/activity:0002_by_day": true
  "@acme/activity:0003_to_sql": true
  "@acme/bookings:0001_init": true
  "@acme/bookings:0002_cover": true
  "@acme/images:0001_init": true
  "@acme/images:0002_caption": true
  "@acme/images:0003_content_addressed": true
  "travel:0001_trips": true
  "travel:0002_trips_with_covers": true
  "travel:0003_avatars": true
}

// prettier-ignore
declare module 'unplugin-migrations/runtime' {
  interface KnownIds extends MigrationIds {}
}
