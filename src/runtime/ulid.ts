const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** A ULID (github.com/ulid/spec): 10 characters of time, 16 of randomness. The time is for people: nothing compares it. */
export function ulid(): string {
  let time = Date.now()
  let text = ''
  for (let place = 0; place < 10; place++) {
    text = ALPHABET.charAt(time % 32) + text
    time = Math.floor(time / 32)
  }
  for (const byte of crypto.getRandomValues(new Uint8Array(16))) text += ALPHABET.charAt(byte % 32)
  return text
}
