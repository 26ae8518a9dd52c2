import { dispatchProcedure } from './delivery/dispatch-outbox.ts';
import { writeProcedure } from './ingest/write-batch.ts';
import { servePglite } from './store/pglite-thread.ts';

// The thread of the embedded database, as a program: bundled by host/start/database-thread.mjs.
servePglite([writeProcedure, dispatchProcedure]);
