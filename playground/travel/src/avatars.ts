import { addPicture, listPictures, type Picture } from '@acme/images'
import { avatars, query } from './storage.ts'

/** Account's id → avatar. Two databases, so the rows are joined here. */
export async function listAvatars(): Promise<ReadonlyMap<number, Picture>> {
  const pictures = new Map((await listPictures(avatars)).map((picture) => [picture.id, picture]))
  const rows = await query<{ account: number; image: number }>`
    select account_id as account, image_id as image from travel_avatars`
  return new Map(
    rows.flatMap(({ account, image }) => {
      const picture = pictures.get(image)
      return picture === undefined ? [] : [[account, picture] as const]
    }),
  )
}

/** `unknown-account` when nobody has this id. Throws when the bytes are no picture. */
export async function setAvatar(account: number, bytes: Uint8Array): Promise<'set' | 'unknown-account'> {
  const [known] = await query<{ name: string }>`select display_name as name from accounts where id = ${account}`
  if (known === undefined) return 'unknown-account'
  const image = await addPicture(avatars, { title: known.name, caption: '', bytes })
  await query`
    insert into travel_avatars (account_id, image_id) values (${account}, ${image})
    on conflict (account_id) do update set image_id = excluded.image_id`
  return 'set'
}
