import type { OwnPlugin, Submission, SubmissionState } from '@patchbay/plugin-sdk/contract/rest/registry';
import {
  Ban,
  CheckCircle2,
  CircleDashed,
  CircleSlash,
  CircleX,
  Eye,
  Hourglass,
  ShieldX,
  Undo2,
  type LucideIcon,
} from 'lucide-react';
import { Status } from '../components/status.tsx';
import type { Tone } from '../theme/tokens.ts';

interface Look {
  word: string;
  tone: Tone;
  icon: LucideIcon;
}

export const stateLooks: Record<SubmissionState, Look> = {
  uploaded: { word: 'Uploaded', tone: 'neutral', icon: CircleDashed },
  checking: { word: 'Checking', tone: 'info', icon: Hourglass },
  in_review: { word: 'In review', tone: 'caution', icon: Eye },
  changes_requested: { word: 'Sent back', tone: 'serious', icon: Undo2 },
  approved: { word: 'Approved', tone: 'good', icon: CheckCircle2 },
  published: { word: 'Published', tone: 'good', icon: CheckCircle2 },
  rejected: { word: 'Rejected', tone: 'danger', icon: CircleX },
  quarantined: { word: 'Held', tone: 'danger', icon: ShieldX },
};

/** Of a version that was published. */
export const releaseLooks: Record<OwnPlugin['versions'][number]['state'], Look> = {
  published: stateLooks.published,
  held: stateLooks.quarantined,
  yanked: { word: 'Yanked', tone: 'caution', icon: CircleSlash },
  revoked: { word: 'Revoked', tone: 'danger', icon: Ban },
};

/** What was published and is not offered any more does not look published. */
export function lookOf({ state, release }: Pick<Submission, 'state' | 'release'>): Look {
  return release === null ? stateLooks[state] : releaseLooks[release.state];
}

export function SubmissionStatus({ of, pill = false }: { of: Pick<Submission, 'state' | 'release'>; pill?: boolean }) {
  return <Status {...lookOf(of)} pill={pill} />;
}
