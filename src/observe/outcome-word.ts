/** What a unit of work came to, by its kind. */
export const OUTCOME_WORDS = { up: 'applied', down: 'reverted', step: 'stepped' } as const
