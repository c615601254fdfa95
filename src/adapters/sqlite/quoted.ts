const COMMENT = /--[^\n]*|\/\*[^]*?(?:\*\/|$)/g
/** Strings, quoted names, comments: no keyword, placeholder or end of a statement is in them. */
const QUOTED = new RegExp(`(['"\`])[^]*?\\1|\\[[^\\]]*]|${COMMENT.source}`, 'g')

/** @returns the text with a space for each */
export function withoutQuoted(text: string): string {
  return text.replace(QUOTED, ' ')
}

export function withoutComments(text: string): string {
  return text.replace(COMMENT, ' ')
}
