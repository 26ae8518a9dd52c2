import { ActionIcon, TextInput } from '@mantine/core';
import { ChevronRight, ChevronsDownUp, ChevronsUpDown, Search } from 'lucide-react';
import { useMemo, useState, type CSSProperties, type ReactNode } from 'react';
import { CopyButton } from './copy-button.tsx';
import { jsonLines, pathsFrom, type JsonLine } from './json-lines.ts';
import classes from './json-view.module.css';

interface JsonViewProps {
  value: unknown;
  label: string;
  /** Entries this deep start folded; by default only in long documents. */
  foldFrom?: number;
}

/** A document longer than this starts with its third level folded. */
const LONG_LINES = 120;
const none: ReadonlySet<string> = new Set();

/** JSON to read: highlighted, folded, searched and copied as a whole. */
export function JsonView({ value, label, foldFrom }: JsonViewProps) {
  const all = useMemo(() => jsonLines(value, none), [value]);
  const [folded, setFolded] = useState<ReadonlySet<string>>(() =>
    foldFrom !== undefined ? pathsFrom(value, foldFrom) : all.length > LONG_LINES ? pathsFrom(value, 3) : none,
  );
  const [query, setQuery] = useState('');

  // A search looks at everything: a fold must not hide a match.
  const lines = useMemo(
    () => (query || folded.size === 0 ? all : jsonLines(value, folded)),
    [all, value, folded, query],
  );
  const needle = query.toLowerCase();
  const matches = needle ? all.filter((line) => textOf(line).toLowerCase().includes(needle)).length : 0;

  const toggle = (path: string) => {
    const next = new Set(folded);
    if (!next.delete(path)) next.add(path);
    setFolded(next);
  };

  return (
    <div className={classes.view}>
      <div className={classes.bar}>
        <span className={classes.label}>{label}</span>
        {needle && (
          <span className={classes.count} role="status">
            {matches === 1 ? '1 line' : `${matches} lines`}
          </span>
        )}
        {all.length > 6 && (
          <>
            <TextInput
              className={classes.search ?? ''}
              size="xs"
              type="search"
              placeholder="Search"
              aria-label={`Search ${label}`}
              leftSection={<Search size={12} aria-hidden="true" />}
              value={query}
              onChange={(event) => setQuery(event.currentTarget.value)}
            />
            <ActionIcon
              size="sm"
              aria-label={folded.size > 0 ? 'Unfold all' : 'Fold all'}
              title={folded.size > 0 ? 'Unfold all' : 'Fold all'}
              onClick={() => setFolded(folded.size > 0 ? none : pathsFrom(value, 1))}
            >
              {folded.size > 0 ? <ChevronsUpDown size={14} /> : <ChevronsDownUp size={14} />}
            </ActionIcon>
          </>
        )}
        <CopyButton text={() => JSON.stringify(value, null, 2)} label={`Copy ${label}`} />
      </div>
      <div className={classes.lines} tabIndex={0} role="group" aria-label={label}>
        {lines.map((line) => (
          <Line key={line.path} line={line} needle={needle} onFold={query ? undefined : toggle} />
        ))}
      </div>
    </div>
  );
}

interface LineProps {
  line: JsonLine;
  needle: string;
  onFold: ((path: string) => void) | undefined;
}

function Line({ line, needle, onFold }: LineProps) {
  const foldable = onFold && line.depth > 0 && (line.kind === 'open' || line.kind === 'folded');
  return (
    <span className={classes.line} style={{ '--depth': line.depth } as CSSProperties}>
      {foldable && (
        <button
          type="button"
          className={classes.fold}
          aria-expanded={line.kind === 'open'}
          aria-label={`${line.name ?? 'entry'}, ${line.size} entries`}
          onClick={() => onFold(line.path)}
        >
          <ChevronRight size={12} aria-hidden="true" />
        </button>
      )}
      {line.name !== null && (
        <>
          <span className={classes.key}>{marked(JSON.stringify(line.name), needle)}</span>
          {': '}
        </>
      )}
      <span className={classOf(line)}>{marked(line.text, needle)}</span>
      {line.kind === 'folded' && <span className={classes.mute}> {line.size} entries</span>}
      {line.comma && ','}
    </span>
  );
}

function classOf(line: JsonLine): string {
  if (line.kind === 'string' || line.kind === 'number' || line.kind === 'keyword') return classes[line.kind] ?? '';
  return classes.mute ?? '';
}

function textOf(line: JsonLine): string {
  return line.name === null ? line.text : `"${line.name}": ${line.text}`;
}

function marked(text: string, needle: string): ReactNode {
  if (!needle) return text;
  const parts: ReactNode[] = [];
  const lower = text.toLowerCase();
  let from = 0;
  for (let at = lower.indexOf(needle); at !== -1; at = lower.indexOf(needle, from)) {
    parts.push(text.slice(from, at), <mark key={at}>{text.slice(at, at + needle.length)}</mark>);
    from = at + needle.length;
  }
  return [...parts, text.slice(from)];
}
