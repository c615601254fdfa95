export { default } from '../adapters/postgres/direct/strategy.ts'
