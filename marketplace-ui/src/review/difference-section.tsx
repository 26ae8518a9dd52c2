import type { SubmissionDetail } from '@patchbay/plugin-sdk/contract/rest/registry';
import { MinusCircle, PlusCircle } from 'lucide-react';
import { DataTable } from '../components/data-table.tsx';
import { Facts } from '../components/facts.tsx';
import { TextLink } from '../components/link.tsx';
import { Section } from '../components/section.tsx';
import { Status } from '../components/status.tsx';
import { ConsentDifference } from '../consent/consent-difference.tsx';
import { ConsentList } from '../consent/consent-list.tsx';
import { bytesInWords, count } from '../consent/words.ts';
import classes from './review.module.css';

/** What is different from the version that is published: what it may do first, then what it can do, then its files. */
export function DifferenceSection({ submission, linkFiles }: { submission: SubmissionDetail; linkFiles: boolean }) {
  const { before, consent, imports, bytes, files, unchangedFiles } = submission.difference;
  const compared = before === null ? 'Its first version' : `Compared with ${before}`;
  return (
    <>
      <Section title="Permissions" hint={compared}>
        {before === null && consent.added.length === 0 ? (
          <ConsentList lines={[]} />
        ) : (
          <ConsentDifference change={consent} same />
        )}
      </Section>
      <Section title="What the module can do" hint="Read from the module itself, whatever its manifest says">
        <Facts
          entries={[
            ['Imports', <Names key="all" names={submission.imports} none="nothing: it can reach nobody" />],
            ['New', <Names key="new" names={imports.added} none="none" />],
            ['Gone', <Names key="gone" names={imports.removed} none="none" />],
            [
              'Package',
              bytes.before === null
                ? bytesInWords(bytes.after)
                : `${bytesInWords(bytes.before)} before, ${bytesInWords(bytes.after)} now`,
            ],
          ]}
        />
      </Section>
      <Section title="Files" hint={`${count(unchangedFiles, 'file')} unchanged`} flush={files.length > 0}>
        {files.length === 0 ? (
          <p className={classes.plain}>No file is different.</p>
        ) : (
          <DataTable
            inset
            label="Changed files"
            rows={files}
            rowKey={({ path }) => path}
            columns={[
              {
                key: 'path',
                header: 'File',
                card: 'title',
                cell: ({ path, readable }) =>
                  readable && linkFiles ? (
                    <TextLink
                      to="/review/submissions/$id"
                      params={{ id: submission.submissionId }}
                      search={{ tab: 'source' as const, file: path }}
                    >
                      <span className="mono">{path}</span>
                    </TextLink>
                  ) : (
                    <span className="mono">{path}</span>
                  ),
              },
              { key: 'change', header: 'Change', width: '130px', cell: ({ change }) => <ChangeWord change={change} /> },
              {
                key: 'size',
                header: 'Size',
                width: '200px',
                muted: true,
                cell: ({ bytesBefore, bytesAfter }) =>
                  [bytesBefore, bytesAfter]
                    .filter((size) => size !== null)
                    .map(bytesInWords)
                    .join(' → '),
              },
            ]}
          />
        )}
      </Section>
    </>
  );
}

function Names({ names, none }: { names: readonly string[]; none: string }) {
  return names.length === 0 ? (
    <span className={classes.quiet}>{none}</span>
  ) : (
    <span className="mono">{names.join(', ')}</span>
  );
}

function ChangeWord({ change }: { change: 'added' | 'removed' | 'changed' }) {
  if (change === 'added') return <Status word="Added" tone="info" icon={PlusCircle} />;
  if (change === 'removed') return <Status word="Removed" tone="neutral" icon={MinusCircle} />;
  return <Status word="Changed" tone="caution" />;
}
