import * as zod from 'zod';
import * as mini from 'zod/mini';
import * as core from 'zod/v4/core';
import { reportSchemas } from './report-schemas.ts';

/**
 * What schema modules find in the engine when a plugin is compiled. Bundled once, when the SDK is built: zod takes
 * longer to read than everything else in a compilation together.
 */
const modules = { zod, 'zod/v4': zod, 'zod/mini': mini, 'zod/v4-mini': mini, 'zod/v4/core': core };

Object.defineProperty(globalThis, Symbol.for('patchbay.schemas'), { value: { modules, reportSchemas } });
