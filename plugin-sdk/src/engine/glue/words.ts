// What the glue remembers, in a few fixed words at the bottom of the stack region, which the stack limit set in build_start
// keeps the stack away from.
export const STEP: i32 = 1024; // handle of the prelude's step function
export const FALLBACK: i32 = 1028; // text of the error that is reported when reporting fails (out of memory)
export const FALLBACK_LENGTH: i32 = 1032;
export const OUTCOME: i32 = 1036;
export const REJECTIONS: i32 = 1040; // linked list of rejected promises without a handler: [next, promise, reason]
export const LENGTH_OUT: i32 = 1044; // scratch for functions that give a length by pointer
export const ARGUMENTS: i32 = 1048; // scratch for the two handles of a step
export const NAME: i32 = 1056; // scratch for one-letter names
export const CLOCK_FIXED: i32 = 1060; // 1 while a plugin is being built: the clock stands at the epoch

export const GAP_PAGE: i32 = 1068; // first page of the memory between stack and data while nobody has it
export const GAP_PAGES: i32 = 1072; // how many pages that is; 0 once it is the heap's

export const RANDOM_USED: i32 = 1064; // words drawn from the block; 0 before the first use in a call
export const RANDOM_KEY: i32 = 1088; // 16 words of state: constants, key from the seed, block counter, nonce
export const RANDOM_BLOCK: i32 = 1152; // 16 random words

export const RUNNING: i32 = 0;
export const DONE: i32 = 1;
export const FAILED: i32 = 2;
