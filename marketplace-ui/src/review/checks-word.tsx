import type { SubmissionCheck } from '@patchbay/plugin-sdk/contract/rest/registry';
import { CheckCircle2, CircleDashed, CircleX, TriangleAlert } from 'lucide-react';
import { Status } from '../components/status.tsx';
import { count } from '../consent/words.ts';

/** What the checks say, in one line; a warning does not stop anything and is still said. */
export function ChecksWord({ checks }: { checks: readonly SubmissionCheck[] }) {
  const failed = checks.filter(({ outcome }) => outcome === 'failed').length;
  const errored = checks.filter(({ outcome }) => outcome === 'errored').length;
  const warnings = checks.flatMap(({ findings }) => findings).filter(({ level }) => level === 'warning').length;
  if (failed > 0) return <Status word={`${count(failed, 'check')} failed`} tone="danger" icon={CircleX} />;
  if (errored > 0)
    return <Status word={`${count(errored, 'check')} not carried out`} tone="serious" icon={TriangleAlert} />;
  if (checks.length === 0) return <Status word="Not checked yet" tone="neutral" icon={CircleDashed} />;
  if (warnings > 0)
    return <Status word={`Passed, ${count(warnings, 'warning')}`} tone="caution" icon={TriangleAlert} />;
  return <Status word={`All ${checks.length} passed`} tone="good" icon={CheckCircle2} />;
}
