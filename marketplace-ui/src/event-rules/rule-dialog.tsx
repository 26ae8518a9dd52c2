import type { EventRule } from '@patchbay/plugin-sdk/contract/event-rules';
import { ruleLimits } from '@patchbay/plugin-sdk/contract/limits';
import { Button, Group, Modal, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { InlineError } from '../components/inline-error.tsx';
import { ChangeFields } from './change-fields.tsx';
import { draftIssues, hostIssues, ruleDraft, ruleOf, type RuleDraft } from './rule-draft.ts';
import { useTryRules } from './rule-queries.ts';
import { sampleEvent } from './sample-event.ts';

interface RuleDialogProps {
  integrationId: string;
  /** What it begins with; undefined is empty. */
  rule: EventRule | undefined;
  isNew: boolean;
  otherNames: readonly string[];
  onKeep: (rule: EventRule) => void;
  onClose: () => void;
}

const mono = { input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.8125rem' } };

/** Makes or changes one rule. The host reads it before it is taken over, and says where it stumbles. */
export function RuleDialog({ integrationId, rule, isNew, otherNames, onKeep, onClose }: RuleDialogProps) {
  const [draft, setDraft] = useState(() => ruleDraft(rule));
  const [tried, setTried] = useState(false);
  const check = useTryRules(integrationId);
  const own = tried ? draftIssues(draft, otherNames) : {};
  const told = hostIssues(check.error, 0);
  const issues = { ...told, ...own };
  const change = (part: Partial<RuleDraft>) => {
    setDraft((before) => ({ ...before, ...part }));
    check.reset();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={isNew ? 'Add a rule' : `Change “${rule?.name ?? ''}”`}
      closeButtonProps={{ 'aria-label': 'Close' }}
      styles={{ title: { fontWeight: 600, fontSize: '1rem' } }}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (Object.keys(draftIssues(draft, otherNames)).length > 0) return;
          const next = ruleOf(draft);
          check.mutate({ rules: [next], on: { event: sampleEvent } }, { onSuccess: () => onKeep(next) });
        }}
      >
        <Stack gap="md">
          <TextInput
            data-autofocus
            label="Name"
            description="The request log calls the rule by it."
            withAsterisk
            maxLength={ruleLimits.nameChars}
            error={issues['name']}
            value={draft.name}
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <Textarea
            label="When"
            description='A condition in CEL over event and request, such as event.severity == "info".'
            withAsterisk
            autosize
            minRows={2}
            maxRows={8}
            spellCheck={false}
            autoCapitalize="off"
            styles={mono}
            maxLength={ruleLimits.expressionChars}
            error={issues['when']}
            value={draft.when}
            onChange={(event) => change({ when: event.currentTarget.value })}
          />
          <NativeSelect
            label="Then"
            value={draft.action}
            data={[
              { value: 'drop', label: 'Drop the event' },
              { value: 'set', label: 'Set fields' },
            ]}
            onChange={(event) => change({ action: event.currentTarget.value === 'set' ? 'set' : 'drop' })}
          />
          {draft.action === 'set' && (
            <ChangeFields changes={draft.changes} issues={issues} onChange={(changes) => change({ changes })} />
          )}
          {Object.keys(told).length === 0 && <InlineError error={check.error} />}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={check.isPending}>
              {isNew ? 'Add to the list' : 'Change in the list'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
