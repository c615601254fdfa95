/** Finds the packages that a package depends on. */
export interface Resolver {
  /**
   * @param from root of the package that asks
   * @returns the root of the package, or `undefined` where it is not installed
   */
  resolve(name: string, from: string): string | undefined
}
