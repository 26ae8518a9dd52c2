import type { PluginDetail } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { reportReasons, type ReportReason } from '@patchbay/plugin-sdk/contract/rest/reports';
import { Button, NativeSelect, Textarea } from '@mantine/core';
import { Flag } from 'lucide-react';
import { useState } from 'react';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { notifyDone } from '../components/notify.tsx';
import { useReport } from '../review/report-queries.ts';
import { reasonWords } from '../review/report-words.ts';

/** The way to say that a version is not as it should be. */
export function ReportButton({ plugin }: { plugin: PluginDetail }) {
  const [reporting, setReporting] = useState(false);
  return (
    <>
      <Button
        variant="subtle"
        size="xs"
        leftSection={<Flag size={14} aria-hidden="true" />}
        onClick={() => setReporting(true)}
      >
        Report a problem
      </Button>
      {reporting && <ReportDialog plugin={plugin} onClose={() => setReporting(false)} />}
    </>
  );
}

function ReportDialog({ plugin, onClose }: { plugin: PluginDetail; onClose: () => void }) {
  const [reason, setReason] = useState<ReportReason>('broken');
  const [text, setText] = useState('');
  const report = useReport(plugin.id);
  return (
    <ConfirmDialog
      opened
      title={`Report ${plugin.name} ${plugin.version}`}
      act="Send the report"
      busy={report.isPending}
      error={report.error}
      blocked={text.trim() === ''}
      onClose={onClose}
      onConfirm={() =>
        report.mutate(
          { version: plugin.version, reason, text: text.trim() },
          {
            onSuccess: () => {
              notifyDone('A reviewer will look at it');
              onClose();
            },
          },
        )
      }
    >
      Reviewers of the registry read it, with your name; the plugin’s author does not.
      <NativeSelect
        mt="md"
        label="What is the matter"
        data={reportReasons.map((value) => ({ value, label: reasonWords[value] }))}
        value={reason}
        onChange={(event) => setReason(reportReasons.find((one) => one === event.currentTarget.value) ?? reason)}
      />
      <Textarea
        mt="md"
        label="In words"
        description="What you saw, and how somebody else can see it. Leave secrets out."
        autosize
        minRows={3}
        maxLength={2000}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </ConfirmDialog>
  );
}
