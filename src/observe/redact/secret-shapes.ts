/** What stands for a secret that was taken out. */
export const MASK = '***'

interface Shape {
  readonly pattern: RegExp
  readonly replacement: string
}

const SECRET_NAME =
  '[\\w.-]*(?:passw(?:or)?d|passphrase|pwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|credential|signature)[\\w.-]*'
/** In a connection string that is a literal of SQL itself. An empty one is followed by nothing that belongs to it. */
const QUOTED_TWICE = `''(?=[^\\s'",;)}\\]])(?:[^'\\\\]|\\\\(?:''|[^'])|'''')*(?:''?|$)`
const QUOTED = `'(?:[^'\\\\]|\\\\.|'')*'?|"(?:[^"\\\\]|\\\\.|"")*"?`

/**
 * Secrets that can be told by what is around them. Too much is taken out rather than too little: a password may hold
 * anything, so a value that no quote ends goes on to the next white space.
 */
const SHAPES: readonly Shape[] = [
  { pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(?:-----END [A-Z ]*-----|$)/g, replacement: MASK },
  // To the last `@` of the word: passwords are often pasted into an URL without being encoded.
  { pattern: /(\b[a-z][a-z0-9+.-]*:\/\/)(?:[^\s"'`]|["'`](?![\s,;:)}\]]))*@/gi, replacement: `$1${MASK}@` },
  { pattern: new RegExp(`([?&]${SECRET_NAME}=)[^\\s&]+`, 'gi'), replacement: `$1${MASK}` },
  {
    pattern:
      /(\b(?:proxy-authorization|authorization|(?:set-)?cookie)["']?\s*[:=]\s*)(?:"[^"\n]*"?|'[^'\n]*'?|[^\n]+)/gi,
    replacement: `$1${MASK}`,
  },
  { pattern: /(\bbearer\s+)[^\s"']+/gi, replacement: `$1${MASK}` },
  // libpq's `password=…` and `password='…'`, JSON, what `inspect` prints, and PostgreSQL's `Key (token)=(…)`. A parser
  // that tells of an unexpected token means another one, and MySQL says `(using password: YES)`.
  {
    pattern: new RegExp(
      `(?<!(?:unexpected|unrecognized|invalid|illegal)\\s)(?<![?&\\w.-])(${SECRET_NAME}["'\`)\\]]*\\s*[=:]\\s*)(?!(?:YES|NO)\\))(?:${QUOTED_TWICE}|${QUOTED}|(?:\\\\\\s|\\S)+)`,
      'gi',
    ),
    replacement: `$1${MASK}`,
  },
  // `alter role … password '…'`, also as E'…' and $$…$$, `identified with … by '…'`, and how MariaDB quotes the rest of such
  // a statement.
  {
    pattern: new RegExp(
      `(\\b(?:password|identified\\s[^'"]{0,80}?by|near 'by)\\s+)(?:[\\w&]{0,20}(?:${QUOTED})|\\$(\\w*)\\$[^]*?(?:\\$\\2\\$|$))`,
      'gi',
    ),
    replacement: `$1${MASK}`,
  },
  // `set password for … = '…'`, and `= password('…')`.
  {
    pattern: new RegExp(`(\\bset\\s+password\\s+for\\s[^=]{0,160}=\\s*)(?:\\w+\\s*\\(\\s*)?(?:${QUOTED})`, 'gi'),
    replacement: `$1${MASK}`,
  },
  // Redis repeats the arguments of a command that it does not know.
  { pattern: /(\bwith args beginning with: )[^\n]+/gi, replacement: `$1${MASK}` },
  // JSON Web Tokens, and tokens that say what they are.
  {
    pattern: /\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?|\b(?:gh[opsur]|github_pat|npm|sk_live|sk_test|xox[abp])[_-]\w{8,}/g,
    replacement: MASK,
  },
]

export function maskShapes(text: string): string {
  return SHAPES.reduce((masked, { pattern, replacement }) => masked.replace(pattern, replacement), text)
}

/** For a text that was cut: the `@` that ends a password may have been behind the cut. */
export function maskCutUrl(text: string): string {
  return text.replace(/(\b[a-z][a-z0-9+.-]*:\/\/)(?!\*\*\*@)\S*$/i, `$1${MASK}`)
}
