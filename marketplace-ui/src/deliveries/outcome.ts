import type { Attempt } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import {
  CheckCircle2,
  CircleSlash,
  LoaderCircle,
  OctagonX,
  RotateCw,
  SkipForward,
  type LucideIcon,
} from 'lucide-react';
import type { Tone } from '../theme/tokens.ts';

const looks: Record<Attempt['outcome'], { word: string; tone: Tone; icon: LucideIcon }> = {
  running: { word: 'Running', tone: 'info', icon: LoaderCircle },
  delivered: { word: 'Delivered', tone: 'good', icon: CheckCircle2 },
  skipped: { word: 'Skipped', tone: 'neutral', icon: SkipForward },
  retry: { word: 'To be tried again', tone: 'caution', icon: RotateCw },
  failed: { word: 'Failed', tone: 'danger', icon: OctagonX },
  abandoned: { word: 'Abandoned', tone: 'neutral', icon: CircleSlash },
};

export function outcomeLook(outcome: Attempt['outcome']): { word: string; tone: Tone; icon: LucideIcon } {
  return looks[outcome];
}
