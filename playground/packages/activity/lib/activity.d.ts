/** How often each picture was looked at, by its id, over all days. `entries`: keys and values of the events storage. */
export declare function countVisits(entries: Iterable<readonly [string, unknown]>): Map<number, number>
