/** Something that others wait for. */
export interface Moment {
  readonly reached: Promise<void>
  reach(): void
}

export function moment(): Moment {
  let reach = (): void => {}
  const reached = new Promise<void>((resolve) => {
    reach = resolve
  })
  return { reached, reach }
}
