import type { PluginReport } from '@patchbay/plugin-sdk/contract/rest/reports';
import { useState } from 'react';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { notifyDone } from '../components/notify.tsx';
import { LoggedReason } from './logged-reason.tsx';
import { useDecideReport } from './report-queries.ts';

export type Decision = Exclude<PluginReport['state'], 'open'>;

interface DecideReportDialogProps {
  report: PluginReport;
  decision: Decision;
  onClose: () => void;
}

const words: Record<Decision, { title: string; act: string; about: string; done: string }> = {
  dismissed: {
    title: 'Dismiss this report?',
    act: 'Dismiss it',
    about: 'The version stays as it is.',
    done: 'The report is dismissed',
  },
  held: {
    title: 'Hold this version?',
    act: 'Hold the version',
    about: 'It is no longer offered until a reviewer releases it. Where it is installed it goes on running.',
    done: 'The version is held',
  },
  acted: {
    title: 'Is this report dealt with?',
    act: 'Close the report',
    about: 'For what was done elsewhere: the version was revoked, or its author has published another.',
    done: 'The report is closed',
  },
};

/** Ends a report, with a reason. */
export function DecideReportDialog({ report, decision, onClose }: DecideReportDialogProps) {
  const [reason, setReason] = useState('');
  const decide = useDecideReport(report.id);
  const { title, act, about, done } = words[decision];
  return (
    <ConfirmDialog
      opened
      title={title}
      act={act}
      destructive={decision === 'held'}
      busy={decide.isPending}
      error={decide.error}
      blocked={reason.trim() === ''}
      onClose={onClose}
      onConfirm={() =>
        decide.mutate(
          { state: decision, reason: reason.trim() },
          {
            onSuccess: () => {
              notifyDone(done);
              onClose();
            },
          },
        )
      }
    >
      <span className="mono">
        {report.plugin} {report.version}
      </span>
      : {about}
      <LoggedReason value={reason} onChange={setReason} />
    </ConfirmDialog>
  );
}
