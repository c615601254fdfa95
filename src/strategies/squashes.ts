export { squashedStanding as default } from '../graph/squashed-standing.ts'
