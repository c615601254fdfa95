import type { Query } from '@acme/images'

export interface Product {
  readonly id: number
  readonly title: string
  readonly cents: number
  /** Hash of the picture. */
  readonly picture: string
}

export function listProducts(query: Query): Promise<readonly Product[]> {
  return query<Product>`
    select products.id, products.title, cents, hash as picture
    from products join images on images.id = products.image_id
    order by products.id`
}
