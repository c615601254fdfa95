import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRedactor } from '../../src/observe/redact.ts'

const { text, error } = createRedactor()
const CANARY = 'CaNaRy'

/** Passwords as people have them: the canary with anything around it that a shell or an URL would trip over. */
const around = fc.string({ unit: fc.constantFrom(...'@:/%?#&=+~!$^*()[]{}|<>,;.-_aZ09é😀'), maxLength: 8 })
const password = fc.tuple(around, around).map(([before, after]) => `${before}${CANARY}${after}`)
const scheme = fc.constantFrom('postgres', 'postgresql', 'mysql', 'redis', 'rediss', 'nats', 'https', 'mongodb+srv')
const words = fc.constantFrom(
  'connect failed',
  'for tenant 7',
  'ECONNREFUSED 127.0.0.1:5432',
  '(attempt 2 of 3)',
  'é日',
)
const name = fc.constantFrom(
  'password',
  'PASSWORD',
  'sslpassword',
  'token',
  'apikey',
  'api_key',
  'access_token',
  'secret',
)

describe('a secret by its shape never survives, and what is around it does', () => {
  it.each([
    ['encoded in an URL', password.map(encodeURIComponent)],
    ['raw in an URL', password],
  ])('%s', (_, passwords) => {
    fc.assert(
      fc.property(scheme, passwords, words, words, (protocol, secret, before, after) => {
        expect(text(`${before} ${protocol}://user:${secret}@db.example:5432/shop ${after}`)).toBe(
          `${before} ${protocol}://***@db.example:5432/shop ${after}`,
        )
      }),
    )
  })

  it('as the user of an URL, or without a user', () => {
    fc.assert(
      fc.property(scheme, password, (protocol, secret) => {
        expect(text(`${protocol}://${secret}@host/db`)).toBe(`${protocol}://***@host/db`)
        expect(text(`${protocol}://:${secret}@host/db`)).toBe(`${protocol}://***@host/db`)
      }),
    )
  })

  it('in a parameter of an URL', () => {
    fc.assert(
      fc.property(scheme, name, password.map(encodeURIComponent), words, (protocol, key, secret, after) => {
        expect(text(`${protocol}://host/db?a=1&${key}=${secret}&b=2 ${after}`)).toBe(
          `${protocol}://host/db?a=1&${key}=***&b=2 ${after}`,
        )
        expect(text(`${protocol}://host/db?${key}=${secret} ${after}`)).toBe(
          `${protocol}://host/db?${key}=*** ${after}`,
        )
      }),
    )
  })

  it('in a key=value string of libpq, bare and quoted', () => {
    fc.assert(
      fc.property(password, words, (secret, after) => {
        expect(text(`host=db password=${secret} user=me ${after}`)).toBe(`host=db password=*** user=me ${after}`)
        const quoted = `${secret} with 'quotes' \\ and blanks`.replace(/['\\]/g, String.raw`\$&`)
        expect(text(`host=db password='${quoted}' user=me ${after}`)).toBe(`host=db password=*** user=me ${after}`)
      }),
    )
  })

  it('in JSON', () => {
    fc.assert(
      fc.property(name, password, fc.string({ maxLength: 4 }), (key, secret, more) => {
        const shown = text(JSON.stringify({ host: 'db', [key]: `${secret}${more}`, user: 'me' }))
        expect(shown).toBe(`{"host":"db","${key}":***,"user":"me"}`)
      }),
    )
  })

  it('in a header', () => {
    fc.assert(
      fc.property(password, (secret) => {
        expect(text(`Authorization: Basic ${secret}`)).toBe('Authorization: ***')
        expect(text(`{"authorization":"Bearer ${secret}","host":"db"}`)).toBe('{"authorization":***,"host":"db"}')
        expect(text(`sent Bearer ${secret} to host`)).toBe('sent Bearer *** to host')
      }),
    )
  })

  it('in SQL that sets a password', () => {
    fc.assert(
      fc.property(password, (secret) => {
        const quoted = `'${secret.replaceAll("'", "''")}'`
        expect(text(`alter role me password ${quoted} valid until '2030'`)).toBe(
          `alter role me password *** valid until '2030'`,
        )
        expect(text(`create user me identified with ed25519 by ${quoted} x`)).toBe(
          'create user me identified with ed25519 by *** x',
        )
        expect(text(`right syntax to use near 'by ${quoted}' at line 1`)).not.toContain(CANARY)
        for (const prefix of ['E', 'U&', 'N', '_utf8mb4'])
          expect(text(`alter role me password ${prefix}${quoted} login`)).toBe('alter role me password *** login')
        for (const user of ['me', `'me'@'%'`, 'current_user()'])
          for (const value of [quoted, `password(${quoted}`])
            expect(text(`set password for ${user} = ${value};`)).toBe(`set password for ${user} = ***;`)
      }),
    )
  })

  it('in dollar quotes', () => {
    fc.assert(
      fc.property(fc.constantFrom('', 't', 'a_1'), password, (tag, secret) => {
        fc.pre(!`${secret}$`.includes(`$${tag}$`))
        const quoted = `$${tag}$${secret} and blanks$${tag}$`
        expect(text(`alter role me password ${quoted} login`)).toBe('alter role me password *** login')
        expect(text(`alter role me password $${tag}$${secret} cut`)).toBe('alter role me password ***')
      }),
    )
  })

  it('in a connection string that is a literal itself', () => {
    fc.assert(
      fc.property(password, (secret) => {
        const value = `x${secret} with \\\\ \\'' and blanks`
        const subscription = (quoted: string): string =>
          `create subscription s connection 'host=db password=${quoted} user=me' publication p`
        expect(text(subscription(`''${value}''`))).toBe(subscription('***'))
        expect(text(subscription(`''${value}`))).not.toContain(CANARY)
        expect(text(subscription("''"))).toBe(subscription('***'))
      }),
    )
  })

  it.each([
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJDYU5hUnkifQ.c2lnbmVkQ2FOYVJ5',
    'ghp_CaNaRyCaNaRyCaNaRy0123456789abcdef',
    '-----BEGIN RSA PRIVATE KEY-----\nCaNaRy\nCaNaRy\n-----END RSA PRIVATE KEY-----',
  ])('as a token that tells itself: %s', (token) => {
    expect(text(`before ${token} after`)).toBe('before *** after')
  })

  it.each([
    ['Key (token)=(CaNaRy) already exists.', 'Key (token)=*** already exists.'],
    [
      "unknown command 'AUTHX', with args beginning with: 'CaNaRy' ",
      "unknown command 'AUTHX', with args beginning with: ***",
    ],
    ["{ command: { name: 'x' }, password: 'CaNaRy' }", "{ command: { name: 'x' }, password: *** }"],
  ])('as servers and tools write it: %s', (message, shown) => {
    expect(text(message)).toBe(shown)
  })
})

describe('what is no secret stays', () => {
  it.each([
    'connect ECONNREFUSED 127.0.0.1:5432',
    'https://github.com/acme/shop/issues/7 says why',
    '@acme/images:0002_sizes: column "email" of relation "users" already exists',
    'unrecognized token: "#"',
    "You have an error in your SQL syntax; near 'selec 1' at line 1",
    'password authentication failed for user "me"',
    "Access denied for user 'me'@'localhost' (using password: YES)",
    'mail to me@example.com',
  ])('%s', (message) => {
    expect(text(message)).toBe(message)
  })
})

describe('a secret that the user lists', () => {
  it('never survives, however it is written', () => {
    const listed = fc.string({ unit: 'binary', minLength: 5, maxLength: 40 })
    fc.assert(
      fc.property(listed, (secret) => {
        const shown = createRedactor({ secrets: [undefined, '', secret] }).text
        const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]
        for (const form of forms) expect(shown(`<< ${form} >>`)).toBe('<< *** >>')
      }),
    )
  })

  it('as a connection URL: its password alone does not either', () => {
    fc.assert(
      fc.property(password, (secret) => {
        const shown = createRedactor({ secrets: [`postgres://me:${encodeURIComponent(secret)}@db/shop`] }).text
        expect(shown(`login as me with ${secret} failed`)).toBe('login as me with *** failed')
        expect(shown(`login as me with ${encodeURIComponent(secret)} failed`)).toBe('login as me with *** failed')
      }),
    )
  })
})

describe('what a terminal or a log would act on', () => {
  it('is written out', () => {
    expect(text('\u001B[2Jgone\r\nforged: ok\u0007\u009B31m \u202Egnp.exe \u2028 \uD800')).toBe(
      String.raw`\u{1b}[2Jgone\r\nforged: ok\u{7}\u{9b}31m \u{202e}gnp.exe \u{2028} \u{d800}`,
    )
  })

  it('never survives', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (any) => {
        expect(text(any)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
      }),
    )
  })

  it('keeps line breaks where the lines are asked for', () => {
    expect(createRedactor().lines('first\r\nsecond \u001B[31m\nthird')).toEqual([
      'first',
      String.raw`second \u{1b}[31m`,
      'third',
    ])
  })
})

describe('a text that is too long', () => {
  it('is cut, and says how long it was', () => {
    expect(text('x'.repeat(10_000_000))).toBe(`${'x'.repeat(4000)}… (10000000 characters)`)
  })

  it('is not made of a few characters that are written out', () => {
    expect(text('\u001B'.repeat(4000)).length).toBeLessThan(4100)
  })

  it('keeps no secret that the cut goes through', () => {
    fc.assert(
      fc.property(password, fc.nat({ max: 60 }), fc.nat({ max: 60 }), (secret, before, limit) => {
        const { text: cut } = createRedactor({ limit, secrets: ['listed-CaNaRy-value'] })
        const long = 'x'.repeat(before)
        for (const shape of [
          `pg://u:${secret}@host`,
          `password=${secret} x`,
          `token='${secret}'`,
          'listed-CaNaRy-value',
        ])
          expect(cut(`${long} ${shape} ${'y'.repeat(100)}`)).not.toMatch(/CaN/)
      }),
      { numRuns: 500 },
    )
  })
})

describe('an error', () => {
  const url = `postgres://me:p%40${CANARY}@db/shop`

  it('is shown with its code and its causes, without secrets and without the fields of its driver', () => {
    const reply = Object.assign(new Error('WRONGPASS'), { command: { name: 'AUTH', args: ['me', CANARY] } })
    const refused = Object.assign(
      new AggregateError([reply, new Error(url)], `cannot reach ${url}`, { cause: reply }),
      {
        code: 'ECONNREFUSED',
      },
    )
    const shown = error(new Error('failed', { cause: refused }))
    expect(shown).toMatchObject({
      name: 'Error',
      message: 'failed',
      cause: {
        name: 'AggregateError',
        message: 'cannot reach postgres://***@db/shop',
        code: 'ECONNREFUSED',
        errors: [{ message: 'WRONGPASS' }, { message: 'postgres://***@db/shop' }],
        cause: { message: 'WRONGPASS' },
      },
    })
    expect(shown.stack).toContain('redact.test.ts')
    expect(JSON.stringify(shown)).not.toContain(CANARY)
  })

  it('that is its own cause ends', () => {
    const one = new Error('one')
    const other = new AggregateError([one, one], 'other', { cause: one })
    one.cause = other
    expect(error(one)).toMatchObject({ message: 'one', cause: { message: 'other', cause: { message: '(and so on)' } } })
  })

  it('of a thousand parts, and a chain of a thousand causes, stays small', () => {
    const wide = new AggregateError(Array.from({ length: 1000 }, () => new Error('x'.repeat(10_000))))
    expect(JSON.stringify(error(wide)).length).toBeLessThan(200_000)
    let deep = new Error('first')
    for (let index = 0; index < 1000; index++) deep = new Error('next', { cause: deep })
    expect(JSON.stringify(error(deep)).length).toBeLessThan(200_000)
  })

  it.each([
    ['a text', url, 'postgres://***@db/shop'],
    ['nothing', undefined, 'undefined'],
    ['an object without a prototype', Object.create(null), '(unreadable)'],
    ['a symbol', Symbol('x'), 'Symbol(x)'],
  ])('that is %s', (_, thrown, message) => {
    expect(error(thrown).message).toBe(message)
  })

  it('whose getters throw', () => {
    const hostile = new Error('hostile')
    const trap = {
      get: (): never => {
        throw new Error('trapped')
      },
    }
    for (const field of ['stack', 'message', 'cause', 'code']) Object.defineProperty(hostile, field, trap)
    expect(error(hostile)).toEqual({ name: 'Error', message: '(unreadable)' })
  })
})
