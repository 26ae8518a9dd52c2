import { z } from 'zod';
import { sendgridEventSchema } from './sendgrid.schema.ts';

/** The body of a request: SendGrid collects what happened within some seconds. */
export const sendgridListSchema = z.array(sendgridEventSchema);
