import type { SubmissionState } from '@patchbay/plugin-sdk/contract/rest/registry';
import { CheckCircle2, CircleDashed, CircleX, Eye, Hourglass, ShieldX, Undo2, type LucideIcon } from 'lucide-react';
import { Status } from '../components/status.tsx';
import type { Tone } from '../theme/tokens.ts';

export const stateLooks: Record<SubmissionState, { word: string; tone: Tone; icon: LucideIcon }> = {
  uploaded: { word: 'Uploaded', tone: 'neutral', icon: CircleDashed },
  checking: { word: 'Checking', tone: 'info', icon: Hourglass },
  in_review: { word: 'In review', tone: 'caution', icon: Eye },
  changes_requested: { word: 'Sent back', tone: 'serious', icon: Undo2 },
  approved: { word: 'Approved', tone: 'good', icon: CheckCircle2 },
  published: { word: 'Published', tone: 'good', icon: CheckCircle2 },
  rejected: { word: 'Rejected', tone: 'danger', icon: CircleX },
  quarantined: { word: 'Held', tone: 'danger', icon: ShieldX },
};

export function SubmissionStatus({ value, pill = false }: { value: SubmissionState; pill?: boolean }) {
  return <Status {...stateLooks[value]} pill={pill} />;
}
