export { default } from '../adapters/postgres/scripts.ts'
