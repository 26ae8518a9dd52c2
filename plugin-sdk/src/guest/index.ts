export { PatchbayError } from './patchbay-error.ts';
