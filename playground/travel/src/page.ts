import type { Booking } from '@acme/bookings'
import type { Picture } from '@acme/images'
import { html, raw } from 'hono/html'
import { style } from './style.ts'

export interface PageData {
  readonly pictures: readonly Picture[]
  readonly bookings: readonly Booking[]
  /** Picture's id → how often it was looked at. */
  readonly visits: ReadonlyMap<number, number>
  /** Account's id → picture. */
  readonly avatars: ReadonlyMap<number, Picture>
}

type Html = ReturnType<typeof html>

/** The whole page. Every value is escaped by the template. */
export function page({ pictures, bookings, visits, avatars }: PageData): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Slow Roads · small journeys</title>
        <style>
          ${raw(style)}
        </style>
      </head>
      <body>
        <header>
          <h1>Slow Roads</h1>
          <p>Small journeys, on foot, by train and by ferry.</p>
        </header>
        <main>
          <h2 id="places">Places</h2>
          <ul class="places" aria-labelledby="places">
            ${pictures.map((picture) => place(picture, visits.get(picture.id) ?? 0))}
          </ul>
          <h2 id="departures">Next departures</h2>
          ${departures(bookings, avatars)}
        </main>
      </body>
    </html>`
}

function place(picture: Picture, visits: number): Html {
  return html`<li>
    <figure>
      <img
        src="/pictures/${picture.hash}"
        width="${picture.width}"
        height="${picture.height}"
        alt="${picture.caption}"
        loading="lazy"
      />
      <figcaption>
        <strong>${picture.title}</strong>
        <span>${picture.width} × ${picture.height} · seen ${visits === 1 ? 'once' : `${visits} times`}</span>
      </figcaption>
    </figure>
  </li>`
}

function departures(bookings: readonly Booking[], avatars: PageData['avatars']): Html {
  return html`<div class="scroll">
    <table aria-labelledby="departures">
      <thead>
        <tr>
          <th scope="col">Cover</th>
          <th scope="col">To</th>
          <th scope="col">Traveller</th>
          <th scope="col">Departs</th>
          <th scope="col" class="number">Nights</th>
          <th scope="col" class="number">Price</th>
        </tr>
      </thead>
      <tbody>
        ${bookings.map((booking) => departure(booking, avatars.get(booking.account)))}
      </tbody>
    </table>
  </div>`
}

function departure(booking: Booking, avatar: Picture | undefined): Html {
  return html`<tr>
    <td><img class="cover" src="/pictures/${booking.cover}" alt="" /></td>
    <th scope="row">${booking.destination}</th>
    <td>${avatar && html`<img class="avatar" src="/avatars/${avatar.hash}" alt="" />`} ${booking.traveller}</td>
    <td><time datetime="${booking.departs}">${booking.departs}</time></td>
    <td class="number">${booking.nights}</td>
    <td class="number">€ ${(booking.cents / 100).toFixed(2)}</td>
  </tr>`
}
