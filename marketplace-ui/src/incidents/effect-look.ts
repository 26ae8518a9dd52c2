import {
  Bell,
  CheckCircle2,
  CircleSlash,
  Copy,
  Eye,
  EyeOff,
  History,
  RotateCcw,
  Zap,
  type LucideIcon,
} from 'lucide-react';
import type { Tone } from '../theme/tokens.ts';

export interface EffectLook {
  /** As a heading of the timeline. */
  title: string;
  /** What it means, when the title alone does not say. */
  means: string | null;
  icon: LucideIcon;
  tone: Tone;
}

const looks: Record<string, EffectLook> = {
  opened: { title: 'Opened', means: null, icon: Bell, tone: 'danger' },
  updated: { title: 'Updated', means: null, icon: Zap, tone: 'neutral' },
  acknowledged: { title: 'Acknowledged', means: null, icon: Eye, tone: 'caution' },
  unacknowledged: { title: 'No longer acknowledged', means: null, icon: EyeOff, tone: 'danger' },
  resolved: { title: 'Resolved', means: null, icon: CheckCircle2, tone: 'good' },
  reopened: { title: 'Reopened', means: null, icon: RotateCcw, tone: 'danger' },
  repeated: { title: 'Repeated', means: 'Nothing was new in it.', icon: Copy, tone: 'neutral' },
  late: {
    title: 'Came late',
    means: 'Something received after it had decided already.',
    icon: History,
    tone: 'neutral',
  },
  unmatched: { title: 'Matched nothing', means: 'No open incident had this key.', icon: CircleSlash, tone: 'neutral' },
};

/** What an event did to the incident, in words, shape and colour. */
export function effectLook(effect: string): EffectLook {
  const known = Object.hasOwn(looks, effect) ? looks[effect] : undefined;
  return known ?? { title: effect, means: null, icon: Zap, tone: 'neutral' };
}
