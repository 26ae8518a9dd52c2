import { branchFilter, defineIntegration, ignored, severityOf } from '@patchbay/plugin-sdk';
import { deploymentChange, deploymentEvent } from './deployment-event.ts';
import { noticeEvent, noticeOf } from './notice-event.ts';
import { isSpend, spendEvent } from './spend-event.ts';
import { messageSchema } from './vercel.schema.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    const body = request.json();
    if (isSpend(body)) {
      const spend = spendEvent(body);
      return 'ignored' in spend ? ignored(spend.ignored) : spend;
    }
    const message = request.parse(messageSchema);
    const notice = noticeOf(message.type);
    if (notice !== undefined) return noticeEvent(message, notice);
    const change = /^deployment[.-]/.test(message.type) ? deploymentChange(message.type) : undefined;
    if (change === undefined) return ignored(`"${message.type.slice(0, 60)}" messages are no alerts`);
    const reading = deploymentEvent(message, change, {
      wantsBranch: branchFilter(configuration.branches),
      previews: configuration.previews !== false,
      failure: severityOf(configuration.failureSeverity) ?? 'error',
      previewFailure: severityOf(configuration.previewSeverity) ?? 'error',
    });
    return 'ignored' in reading ? ignored(reading.ignored) : reading;
  },
});
