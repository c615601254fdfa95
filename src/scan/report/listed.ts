/** Nobody reads more, and a message must not grow with the number of packages. */
const MOST = 5

/** The first of many, and how many more there are. */
export function listed(items: readonly string[], between = ', '): string {
  const rest = items.length - MOST
  return [...items.slice(0, MOST), ...(rest > 0 ? [`${rest} more`] : [])].join(between)
}
