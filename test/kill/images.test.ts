import { testImages } from './images.ts'

// `images.soak.ts` kills at each of them.
testImages(12)
