import type { Deprecation } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { TextLink } from '../components/link.tsx';
import { Notice } from '../destinations/notice.tsx';
import classes from './deprecated-notice.module.css';

interface DeprecatedNoticeProps {
  deprecated: Deprecation | null;
  /** What it means here. */
  children: ReactNode;
}

/** A plugin that its author no longer looks after, and the way to what replaces it. Nothing for any other. */
export function DeprecatedNotice({ deprecated, children }: DeprecatedNoticeProps) {
  if (deprecated === null) return null;
  return (
    <div className={classes.notice}>
      <Notice tone="caution" icon={TriangleAlert} title="Deprecated">
        <p>
          {deprecated.message} {children}
        </p>
        <p>
          <Replacement deprecated={deprecated} />
        </p>
      </Notice>
    </div>
  );
}

/** The plugin to use instead; nothing when the author names none. */
export function Replacement({ deprecated: { replacement } }: { deprecated: Deprecation }) {
  if (replacement === null) return null;
  const [namespace = '', name = ''] = replacement.split('/');
  return (
    <>
      Use{' '}
      <TextLink to="/marketplace/$namespace/$name" params={{ namespace, name }}>
        <span className="mono">{replacement}</span>
      </TextLink>{' '}
      instead.
    </>
  );
}
