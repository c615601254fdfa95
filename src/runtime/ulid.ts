const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** A ULID (github.com/ulid/spec): 10 characters of time, 16 of randomness. The time is for people: nothing compares it. */
export function ulid(): string {
  const time = Date.now()
  // `charAt` drops the fraction.
  return Array.from(crypto.getRandomValues(new Uint8Array(26)), (random, place) =>
    ALPHABET.charAt((place < 10 ? time / 32 ** (9 - place) : random) % 32),
  ).join('')
}
