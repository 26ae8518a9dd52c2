import type { EventRule } from '@patchbay/plugin-sdk/contract/event-rules';
import { ruleLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { Integration } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { Button } from '@mantine/core';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useHasRole } from '../api/session.ts';
import { EmptyState } from '../components/empty-state.tsx';
import { InlineError } from '../components/inline-error.tsx';
import { notifyDone } from '../components/notify.tsx';
import { Section } from '../components/section.tsx';
import { useChangeIntegration } from '../integrations/integration-queries.ts';
import { RuleDialog } from './rule-dialog.tsx';
import { RuleHelp } from './rule-help.tsx';
import { RuleList } from './rule-list.tsx';
import { TryRules } from './try-rules.tsx';
import classes from './rules-tab.module.css';

/** The rules of an integration: a draft of the whole list, that can be tried before it is saved. */
export function RulesTab({ integration }: { integration: Integration }) {
  const [rules, setRules] = useState<readonly EventRule[]>(integration.rules);
  const [editing, setEditing] = useState<{ at: number; rule?: EventRule } | null>(null);
  const change = useChangeIntegration(integration.id);
  const mayChange = useHasRole('member');
  const changed = JSON.stringify(rules) !== JSON.stringify(integration.rules);
  const full = rules.length >= ruleLimits.rulesPerIntegration;

  const keep = (at: number, rule: EventRule) => {
    setRules(rules.map((one, index) => (index === at ? rule : one)).concat(at === rules.length ? [rule] : []));
    setEditing(null);
  };
  const add = (rule?: EventRule) => setEditing({ at: rules.length, ...(rule === undefined ? {} : { rule }) });
  const addButton = (
    <Button variant="default" size="xs" leftSection={<Plus size={14} aria-hidden="true" />} onClick={() => add()}>
      Add a rule
    </Button>
  );

  return (
    <div className={classes.stack}>
      <Section
        title="Rules"
        hint="Each event of the plugin goes through them from top to bottom"
        actions={mayChange && !full && rules.length > 0 ? addButton : undefined}
        flush
      >
        {rules.length === 0 ? (
          <EmptyState inset kind="nothing" title="No rules" action={mayChange ? addButton : undefined}>
            Every event goes on as the plugin made it. A rule drops events, or sets their severity, summary and other
            fields.
          </EmptyState>
        ) : (
          <RuleList
            rules={rules}
            onChange={mayChange ? setRules : undefined}
            onEdit={(at) => {
              const rule = rules[at];
              if (rule !== undefined) setEditing({ at, rule });
            }}
          />
        )}
        {(changed || change.isError) && (
          <div className={classes.save}>
            <InlineError error={change.error} />
            <div className={classes.saveRow}>
              <span role="status">Not saved yet. Events go through the saved rules until then.</span>
              <Button
                variant="default"
                onClick={() => {
                  setRules(integration.rules);
                  change.reset();
                }}
              >
                Discard
              </Button>
              <Button
                loading={change.isPending}
                onClick={() =>
                  change.mutate(
                    { rules: [...rules] },
                    {
                      onSuccess: (saved) => {
                        setRules(saved.rules);
                        notifyDone('Rules saved');
                      },
                    },
                  )
                }
              >
                Save the rules
              </Button>
            </div>
          </div>
        )}
      </Section>
      {mayChange && <TryRules integration={integration} rules={rules} unsaved={changed} />}
      <RuleHelp onUse={mayChange && !full ? add : undefined} />
      {editing !== null && (
        <RuleDialog
          integrationId={integration.id}
          rule={editing.rule}
          isNew={editing.at === rules.length}
          otherNames={rules.flatMap(({ name }, index) => (index === editing.at ? [] : [name]))}
          onKeep={(rule) => keep(editing.at, rule)}
          onClose={() => setEditing(null)}
        />
      )}
    </div>
  );
}
