import type { LucideIcon } from 'lucide-react';
import { Fragment, type CSSProperties, type ReactNode } from 'react';
import type { Tone } from '../theme/tokens.ts';
import classes from './trace.module.css';

export interface TraceNode {
  id: string;
  title: string;
  /** The second line: a time, a version, a count. */
  about: ReactNode;
  icon?: LucideIcon;
  /** Colours the icon; the title or `about` must say the same in words. */
  tone?: Tone;
  /** Nothing there (yet): drawn dashed, cannot be opened. */
  empty?: boolean;
}

export interface TraceStage {
  /** "Request", "Plugin", "Incident" */
  name: string;
  nodes: readonly TraceNode[];
  /** How many more there are than drawn. */
  hidden?: number;
  /** Between the stage before and this one: "+41 ms". */
  gap?: string;
}

interface TraceProps {
  label: string;
  stages: readonly TraceStage[];
  /** Which nodes are joined; both ends must be in neighbouring stages. */
  cables: readonly (readonly [from: string, to: string])[];
  /** The node whose drawer is open. */
  current: string | null;
  onOpen: (id: string) => void;
}

const NODE_HEIGHT = 58;
const NODE_GAP = 10;
const CABLE_WIDTH = 52;
const centre = (row: number) => row * (NODE_HEIGHT + NODE_GAP) + NODE_HEIGHT / 2;

/**
 * The line: what came in on the left, what left on the right, and a cable between what caused what. An incident, a
 * delivery and a request all draw themselves with it.
 */
export function Trace({ label, stages, cables, current, onOpen }: TraceProps) {
  const from = new Set(cables.map(([id]) => id));
  const to = new Set(cables.map(([, id]) => id));
  return (
    <div className={classes.trace} role="group" aria-label={label}>
      {stages.map((stage, at) => (
        <Fragment key={stage.name}>
          <Cables left={stages[at - 1]} right={stage} cables={cables} />
          <div className={classes.stage}>
            <h3 className={classes.stageName}>{stage.name}</h3>
            <ol className={classes.nodes}>
              {stage.nodes.map((node) => (
                <li key={node.id}>
                  <Node
                    node={node}
                    current={node.id === current}
                    jacks={[to.has(node.id) && classes.in, from.has(node.id) && classes.out].filter(Boolean).join(' ')}
                    onOpen={onOpen}
                  />
                </li>
              ))}
              {stage.hidden ? <li className={classes.more}>and {stage.hidden} more below</li> : null}
            </ol>
          </div>
        </Fragment>
      ))}
    </div>
  );
}

interface NodeProps {
  node: TraceNode;
  current: boolean;
  jacks: string;
  onOpen: (id: string) => void;
}

function Node({ node, current, jacks, onOpen }: NodeProps) {
  const Icon = node.icon;
  const style = node.tone ? ({ '--tone-fg': `var(--pb-tone-${node.tone}-fg)` } as CSSProperties) : {};
  const words = (
    <>
      <span className={classes.title}>
        {Icon && <Icon size={14} strokeWidth={2.25} aria-hidden="true" />}
        <span>{node.title}</span>
      </span>
      <span className={classes.about}>{node.about}</span>
    </>
  );
  if (node.empty) {
    return (
      <div className={`${classes.empty} ${jacks}`} style={style}>
        {words}
      </div>
    );
  }
  return (
    <button
      type="button"
      className={`${classes.node} ${jacks}`}
      style={style}
      aria-haspopup="dialog"
      aria-current={current}
      title={node.title}
      onClick={() => onOpen(node.id)}
    >
      {words}
    </button>
  );
}

interface CablesProps {
  /** The stage before; the first has none. */
  left: TraceStage | undefined;
  right: TraceStage;
  cables: TraceProps['cables'];
}

function Cables({ left, right, cables }: CablesProps) {
  if (!left) return null;
  const rowsLeft = new Map(left.nodes.map((node, row) => [node.id, row]));
  const rowsRight = new Map(right.nodes.map((node, row) => [node.id, row]));
  const joined = cables.some(([from, to]) => rowsLeft.has(from) && rowsRight.has(to));
  const height = Math.max(left.nodes.length, right.nodes.length) * (NODE_HEIGHT + NODE_GAP);
  return (
    <div className={`${classes.cables} ${joined ? classes.joined : ''}`} aria-hidden={right.gap ? undefined : true}>
      {right.gap && <span className={`${classes.gap} tabular`}>{right.gap}</span>}
      <svg width={CABLE_WIDTH} height={height} aria-hidden="true">
        {cables.map(([from, to]) => {
          const a = rowsLeft.get(from);
          const b = rowsRight.get(to);
          if (a === undefined || b === undefined) return null;
          const [y1, y2, half] = [centre(a), centre(b), CABLE_WIDTH / 2];
          return <path key={`${from} ${to}`} d={`M5 ${y1} C${half} ${y1} ${half} ${y2} ${CABLE_WIDTH - 5} ${y2}`} />;
        })}
      </svg>
    </div>
  );
}
