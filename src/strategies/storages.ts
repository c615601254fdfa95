export { severalStorages as default } from '../runtime/several/storages.ts'
