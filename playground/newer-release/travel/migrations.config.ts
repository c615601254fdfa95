import { files } from 'unplugin-migrations/adapters/files'
import { defineConfig } from 'unplugin-migrations/config'
import { avatarFilesFolder, avatarsDatabase, database, filesFolder, state } from './src/storage.ts'

/** The site, without the adapter `events`: nothing uses that storage any more. */
export default defineConfig(() => ({
  adapters: {
    db: database().adapter,
    files: files(filesFolder),
  },
  unbound: ['events'],
  state,
}))

/** A second instance of the images component: storages of its own, the record of them where the site's is. */
export const avatars = defineConfig(() => ({
  adapters: {
    db: database().adapter,
    avatars: avatarsDatabase().adapter,
    avatarFiles: files(avatarFilesFolder),
  },
  bind: { '@acme/images': { db: 'avatars', files: 'avatarFiles' } },
  tenant: 'avatars',
  state,
}))
