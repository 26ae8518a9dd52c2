import { createLink, type LinkComponent } from '@tanstack/react-router';
import { useEffect, useRef, useState, type AnchorHTMLAttributes, type ReactNode, type Ref } from 'react';
import { useRowKeys } from './row-keys.ts';
import classes from './data-table.module.css';

export interface Column<Row> {
  key: string;
  header: string;
  /** Hides the header from sight, for columns of buttons. */
  headerHidden?: boolean;
  cell: (row: Row) => ReactNode;
  /** A CSS width; columns without one share the rest. */
  width?: string;
  align?: 'end';
  muted?: boolean;
  /** Only where there is much room: what can be missed on a laptop. */
  wide?: boolean;
  /**
   * On a phone a row is a card: `title` takes its first line (use it once), `line` one of its own, `labelled` shows the
   * header before the value, `hidden` leaves it out. Default: the value alone.
   */
  card?: 'title' | 'line' | 'labelled' | 'hidden';
}

interface DataTableProps<Row> {
  /** Read out as the name of the table. */
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** `j` and `k` move between rows; at most one table of a page. */
  keyboard?: boolean;
  /** New rows slide in: for lists that are live. */
  live?: boolean;
  /** Inside a Section: no frame. */
  inset?: boolean;
}

/** A table with 36 px rows on a desk, and a list of cards on a phone. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, rowKey, keyboard = false, live = false, inset = false } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  useRowKeys(body, keyboard);
  const arrived = useArrived(rows.map(rowKey), live);

  return (
    <div className={inset ? classes.inset : classes.frame}>
      <table className={classes.table} aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                style={column.width ? { width: column.width } : {}}
                className={[column.align === 'end' && classes.end, column.wide && classes.wide]
                  .filter(Boolean)
                  .join(' ')}
              >
                {column.headerHidden ? <span className="sr-only">{column.header}</span> : column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.map((row) => {
            const key = rowKey(row);
            return (
              <tr key={key} className={`${classes.row} ${arrived.has(key) ? classes.arrived : ''}`}>
                {columns.map((column) => (
                  <td key={column.key} className={cellClass(column)}>
                    {column.card === 'labelled' && <span className={classes.cardLabel}>{column.header}</span>}
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function cellClass<Row>(column: Column<Row>): string {
  return [
    column.align === 'end' && classes.end,
    column.muted && classes.muted,
    column.wide && classes.wide,
    column.card === 'title' && classes.cardTitle,
    column.card === 'line' && classes.cardLine,
    column.card === 'hidden' && classes.cardHidden,
  ]
    .filter(Boolean)
    .join(' ');
}

/** The keys that were not in the list when it was last drawn; nothing on the first drawing. */
function useArrived(keys: string[], live: boolean): ReadonlySet<string> {
  const known = useRef<Set<string> | null>(null);
  const [arrived, setArrived] = useState<ReadonlySet<string>>(new Set());
  const joined = keys.join(' ');
  useEffect(() => {
    const present = joined === '' ? [] : joined.split(' ');
    if (live && known.current) {
      const former = known.current;
      const fresh = present.filter((key) => !former.has(key));
      // A whole new list (another filter) is not an arrival.
      setArrived(new Set(fresh.length < present.length ? fresh : []));
    }
    known.current = new Set(present);
  }, [joined, live]);
  return arrived;
}

function RowAnchor(props: AnchorHTMLAttributes<HTMLAnchorElement> & { ref?: Ref<HTMLAnchorElement> }) {
  return <a {...props} className={classes.rowLink} data-row-link="" />;
}
const CreatedRowLink = createLink(RowAnchor);

/** The one link of a row: put it into the title column. The whole row follows it. */
export const RowLink: LinkComponent<typeof RowAnchor> = (props) => <CreatedRowLink {...props} />;
