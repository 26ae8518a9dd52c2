import type { DeliveryState } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import type { IncidentStatus } from '@patchbay/plugin-sdk/contract/rest/incidents';
import type { Health, RequestSummary } from '@patchbay/plugin-sdk/contract/rest/integrations';
import type { Severity as SeverityName } from '@patchbay/plugin-sdk/contract/event-payload';
import {
  Ban,
  CheckCircle2,
  Circle,
  CircleDashed,
  CircleDot,
  CircleSlash,
  CircleX,
  Clock,
  Contrast,
  Eye,
  Hourglass,
  Info,
  LoaderCircle,
  OctagonAlert,
  OctagonX,
  PauseCircle,
  RotateCw,
  ShieldX,
  SkipForward,
  TriangleAlert,
  type LucideIcon,
} from 'lucide-react';
import type { CSSProperties } from 'react';
import type { Tone } from '../theme/tokens.ts';
import classes from './status.module.css';

interface Look {
  word: string;
  tone: Tone;
  icon: LucideIcon;
}

const severityLooks: Record<SeverityName, Look> = {
  critical: { word: 'Critical', tone: 'danger', icon: OctagonAlert },
  error: { word: 'Error', tone: 'serious', icon: CircleX },
  warning: { word: 'Warning', tone: 'caution', icon: TriangleAlert },
  info: { word: 'Info', tone: 'info', icon: Info },
};

const incidentLooks: Record<IncidentStatus, Look> = {
  open: { word: 'Open', tone: 'danger', icon: CircleDot },
  acknowledged: { word: 'Acknowledged', tone: 'caution', icon: Eye },
  resolved: { word: 'Resolved', tone: 'good', icon: CheckCircle2 },
};

const deliveryLooks: Record<DeliveryState, Look> = {
  queued: { word: 'Queued', tone: 'neutral', icon: CircleDashed },
  running: { word: 'Running', tone: 'info', icon: LoaderCircle },
  waiting: { word: 'Waiting', tone: 'info', icon: Hourglass },
  retrying: { word: 'Retrying', tone: 'caution', icon: RotateCw },
  delivered: { word: 'Delivered', tone: 'good', icon: CheckCircle2 },
  dead: { word: 'Dead', tone: 'danger', icon: OctagonX },
  skipped: { word: 'Skipped', tone: 'neutral', icon: SkipForward },
  cancelled: { word: 'Cancelled', tone: 'neutral', icon: Ban },
};

const requestLooks: Record<RequestSummary['state'], Look> = {
  accepted: { word: 'Accepted', tone: 'good', icon: CheckCircle2 },
  ignored: { word: 'Ignored', tone: 'neutral', icon: CircleSlash },
  invalid: { word: 'Invalid', tone: 'serious', icon: CircleX },
  refused: { word: 'Refused', tone: 'danger', icon: ShieldX },
  pending: { word: 'Pending', tone: 'caution', icon: Clock },
  dead: { word: 'Dead', tone: 'danger', icon: OctagonX },
};

/** Integrations, installations and destinations. */
const switchLooks = {
  enabled: { word: 'Enabled', tone: 'good', icon: CheckCircle2 },
  active: { word: 'Active', tone: 'good', icon: CheckCircle2 },
  disabled: { word: 'Disabled', tone: 'neutral', icon: CircleSlash },
  paused: { word: 'Paused', tone: 'caution', icon: PauseCircle },
  attention: { word: 'Needs attention', tone: 'serious', icon: TriangleAlert },
  quarantined: { word: 'Quarantined', tone: 'danger', icon: ShieldX },
} satisfies Record<string, Look>;

const healthLooks: Record<Health['integrations'][number]['status'], Look> = {
  healthy: { word: 'Healthy', tone: 'good', icon: CheckCircle2 },
  degraded: { word: 'Degraded', tone: 'caution', icon: TriangleAlert },
  unhealthy: { word: 'Unhealthy', tone: 'danger', icon: OctagonX },
  idle: { word: 'Nothing came', tone: 'neutral', icon: CircleDashed },
  paused: { word: 'Disabled', tone: 'neutral', icon: CircleSlash },
};

interface StatusProps {
  /** The word on the screen. */
  word: string;
  tone: Tone;
  /** The shape: status is never told by colour alone. */
  icon?: LucideIcon;
  /** A tinted pill for headers; plain for table cells. */
  pill?: boolean;
  title?: string;
}

/** A word, a shape and a colour. Use the named ones below where they fit. */
export function Status({ word, tone, icon: Icon = Circle, pill = false, title }: StatusProps) {
  const style = { '--tone-fg': `var(--pb-tone-${tone}-fg)`, '--tone-tint': `var(--pb-tone-${tone}-tint)` };
  return (
    <span className={pill ? classes.pill : classes.status} style={style as CSSProperties} title={title}>
      <Icon size={14} strokeWidth={2.25} aria-hidden="true" />
      {word}
    </span>
  );
}

interface Pill {
  pill?: boolean;
}

export function Severity({ value, pill }: { value: string } & Pill) {
  return <Status {...lookOf(severityLooks, value)} {...(pill ? { pill } : {})} />;
}

export function IncidentState({ value, pill }: { value: string } & Pill) {
  return <Status {...lookOf(incidentLooks, value)} {...(pill ? { pill } : {})} />;
}

export function DeliveryStatus({ value, pill }: { value: string } & Pill) {
  return <Status {...lookOf(deliveryLooks, value)} {...(pill ? { pill } : {})} />;
}

export function RequestStatus({ value, pill }: { value: string } & Pill) {
  return <Status {...lookOf(requestLooks, value)} {...(pill ? { pill } : {})} />;
}

export function SwitchState({ value, pill }: { value: string } & Pill) {
  return <Status {...lookOf(switchLooks, value)} {...(pill ? { pill } : {})} />;
}

export function HealthStatus({ value, pill }: { value: string } & Pill) {
  return <Status {...lookOf(healthLooks, value)} {...(pill ? { pill } : {})} />;
}

/** A status of HTTP: 2xx good, 3xx neutral, 4xx serious, 5xx danger; null: no answer. */
export function HttpStatus({ value }: { value: number | null }) {
  if (value === null) return <Status word="No answer" tone="serious" icon={CircleSlash} />;
  const tone: Tone = value >= 500 ? 'danger' : value >= 400 ? 'serious' : value >= 300 ? 'neutral' : 'good';
  return (
    <Status word={String(value)} tone={tone} icon={value >= 400 ? CircleX : value >= 300 ? Contrast : CheckCircle2} />
  );
}

export function severityTone(value: string): Tone {
  return lookOf(severityLooks, value).tone;
}

export function deliveryTone(value: string): Tone {
  return lookOf(deliveryLooks, value).tone;
}

export function requestTone(value: string): Tone {
  return lookOf(requestLooks, value).tone;
}

export function incidentTone(value: string): Tone {
  return lookOf(incidentLooks, value).tone;
}

/** A value that a newer host knows and this page does not is shown as it is. */
function lookOf(looks: Record<string, Look>, value: string): Look {
  const known = Object.hasOwn(looks, value) ? looks[value] : undefined;
  return known ?? { word: value, tone: 'neutral', icon: Circle };
}
