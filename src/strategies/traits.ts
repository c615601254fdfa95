export { default } from '../runtime/traits/strategy.ts'
