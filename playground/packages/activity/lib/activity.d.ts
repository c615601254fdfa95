interface Count {
  readonly picture: number
  readonly visits: number
}
/** Runs one statement on the application's database, and answers its rows. */
export type Query = (text: TemplateStringsArray) => Promise<readonly Count[]>
/** How often each picture was looked at, by its id, over all days. */
export declare function countVisits(query: Query): Promise<Map<number, number>>
