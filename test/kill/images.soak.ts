import { testImages } from './images.ts'

testImages(1)
