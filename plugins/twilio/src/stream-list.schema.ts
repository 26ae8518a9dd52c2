import { z } from 'zod';
import { streamEventSchema } from './twilio.schema.ts';

/** A webhook sink may get several events at once. */
export const streamListSchema = z.array(streamEventSchema);
