/** Forms in which a value that the user keeps secret may stand in a text, the longest first. */
export function secretForms(secrets: readonly (string | undefined)[]): readonly string[] {
  const values = secrets.flatMap((secret) => (secret ? [secret, ...passwordOf(secret)] : []))
  const forms = values.flatMap((value) => {
    const encoded = encodedForm(value)
    const lower = encoded.replace(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase())
    return [value, encoded, lower, JSON.stringify(value).slice(1, -1)]
  })
  return [...new Set(forms)].toSorted((one, other) => other.length - one.length)
}

/** The password of a connection URL, as it stands there and decoded. */
function passwordOf(url: string): readonly string[] {
  const password = /^[a-z][a-z0-9+.-]*:\/\/[^:@/\s]*:(\S+)@/i.exec(url)?.[1]
  return password ? [password, decoded(password)] : []
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A raw `%` in a password is no encoding: the text is the password.
    return text
  }
}

function encodedForm(text: string): string {
  try {
    return encodeURIComponent(text)
  } catch {
    // A lone surrogate has no encoding.
    return text
  }
}
