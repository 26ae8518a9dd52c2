import { OctagonAlert, ShieldCheck, TriangleAlert } from 'lucide-react';
import { Status } from '../components/status.tsx';
import type { Risk } from './permission-lines.ts';

const looks = {
  low: { word: 'Low risk', tone: 'neutral', icon: ShieldCheck },
  medium: { word: 'Medium risk', tone: 'caution', icon: TriangleAlert },
  high: { word: 'High risk', tone: 'danger', icon: OctagonAlert },
} as const;

/** A risk by word, shape and colour. */
export function RiskMark({ risk }: { risk: Risk }) {
  return <Status {...looks[risk]} pill />;
}
