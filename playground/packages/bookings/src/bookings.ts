import type { Query } from '@acme/images'

export interface Booking {
  readonly id: number
  /** Of the traveller. */
  readonly account: number
  readonly traveller: string
  readonly destination: string
  /** ISO date. */
  readonly departs: string
  readonly nights: number
  readonly cents: number
  /** Hash of the picture that was booked. */
  readonly cover: string
}

/** By departure. */
export function listBookings(query: Query): Promise<readonly Booking[]> {
  return query<Booking>`
    select bookings.id, accounts.id as account, accounts.display_name as traveller, destination, departs, nights, cents,
      cover
    from bookings join accounts on accounts.id = bookings.account_id
    order by departs, bookings.id`
}
