import type { EventRule } from '@patchbay/plugin-sdk/contract/event-rules';
import { ActionIcon } from '@mantine/core';
import { ArrowDown, ArrowUp, Pencil, Trash2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { actWords, moved } from './rule-draft.ts';
import classes from './rules-tab.module.css';

interface RuleListProps {
  rules: readonly EventRule[];
  /** Undefined for who may only look. */
  onChange: ((rules: EventRule[]) => void) | undefined;
  onEdit: (at: number) => void;
}

/** Rules in their order, to be moved by buttons, so that a keyboard does as well as a pointer. */
export function RuleList({ rules, onChange, onEdit }: RuleListProps) {
  const [said, setSaid] = useState('');
  const list = useRef<HTMLOListElement>(null);
  const [focus, setFocus] = useState<{ name: string; act: 'up' | 'down' } | null>(null);

  // A row that changes its place loses the focus, and at an end its button is switched off.
  useEffect(() => {
    if (focus === null) return;
    const buttons = [...(list.current?.querySelectorAll<HTMLButtonElement>('button[data-rule]') ?? [])].filter(
      ({ dataset, disabled }) => dataset['rule'] === focus.name && !disabled,
    );
    (buttons.find(({ dataset }) => dataset['act'] === focus.act) ?? buttons[0])?.focus();
  }, [focus]);

  const move = (from: number, to: number, act: 'up' | 'down') => {
    const name = rules[from]?.name ?? '';
    onChange?.(moved(rules, from, to));
    setSaid(`“${name}” is now rule ${to + 1} of ${rules.length}.`);
    setFocus({ name, act });
  };

  return (
    <>
      <ol className={classes.rules} aria-label="Rules in their order" ref={list}>
        {rules.map((rule, at) => (
          <li key={rule.name} className={classes.rule}>
            <span className={classes.number} aria-hidden="true">
              {at + 1}
            </span>
            <div className={classes.what}>
              <h3 className={classes.name}>{rule.name}</h3>
              <dl className={classes.parts}>
                <dt>When</dt>
                <dd className="mono">{rule.when}</dd>
                <dt>Then</dt>
                <dd className={rule.then.action === 'drop' ? '' : 'mono'}>{actWords(rule)}</dd>
              </dl>
            </div>
            {onChange !== undefined && (
              <div className={classes.acts}>
                <ActionIcon
                  variant="subtle"
                  data-rule={rule.name}
                  data-act="up"
                  disabled={at === 0}
                  aria-label={`Move “${rule.name}” up`}
                  title="Move up"
                  onClick={() => move(at, at - 1, 'up')}
                >
                  <ArrowUp size={16} aria-hidden="true" />
                </ActionIcon>
                <ActionIcon
                  variant="subtle"
                  data-rule={rule.name}
                  data-act="down"
                  disabled={at === rules.length - 1}
                  aria-label={`Move “${rule.name}” down`}
                  title="Move down"
                  onClick={() => move(at, at + 1, 'down')}
                >
                  <ArrowDown size={16} aria-hidden="true" />
                </ActionIcon>
                <ActionIcon variant="subtle" aria-label={`Edit “${rule.name}”`} title="Edit" onClick={() => onEdit(at)}>
                  <Pencil size={16} aria-hidden="true" />
                </ActionIcon>
                <ActionIcon
                  variant="subtle"
                  aria-label={`Remove “${rule.name}”`}
                  title="Remove"
                  onClick={() => {
                    onChange(rules.filter((_, index) => index !== at));
                    setSaid(`“${rule.name}” removed from the list.`);
                  }}
                >
                  <Trash2 size={16} aria-hidden="true" />
                </ActionIcon>
              </div>
            )}
          </li>
        ))}
      </ol>
      <div role="status" className={classes.hidden}>
        {said}
      </div>
    </>
  );
}
