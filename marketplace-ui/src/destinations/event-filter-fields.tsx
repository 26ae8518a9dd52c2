import { changeTypes } from '@patchbay/plugin-sdk/contract/envelopes';
import { severities } from '@patchbay/plugin-sdk/contract/event-payload';
import { Checkbox, Group, MultiSelect, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { installationsQuery } from '../installed/installation-queries.ts';
import { servicesQuery } from '../services/service-queries.ts';
import type { FilterDraft } from './event-filter.ts';
import { changeWord } from './event-filter.ts';

interface EventFilterFieldsProps {
  value: FilterDraft;
  onChange: (value: FilterDraft) => void;
  /** Why it cannot be saved; shown where the boxes are. */
  issue: string | null;
}

/** Which changes of which incidents a destination hears of. */
export function EventFilterFields({ value, onChange, issue }: EventFilterFieldsProps) {
  const services = useQuery(servicesQuery);
  const installations = useQuery(installationsQuery);
  const types = (installations.data ?? []).flatMap(({ integrationType }) =>
    integrationType === null ? [] : [integrationType],
  );
  return (
    <Stack gap="md">
      <Checkbox.Group
        label="When an incident is"
        value={value.changeTypes}
        error={value.changeTypes.length === 0 ? issue : undefined}
        onChange={(list) => onChange({ ...value, changeTypes: list })}
      >
        <Group gap="xs" mt={6}>
          {changeTypes.map((type) => (
            <Checkbox key={type} value={type} label={changeWord(type)} miw={148} />
          ))}
        </Group>
      </Checkbox.Group>
      <Checkbox.Group
        label="With severity"
        value={value.severities}
        error={value.changeTypes.length > 0 && value.severities.length === 0 ? issue : undefined}
        onChange={(list) => onChange({ ...value, severities: list })}
      >
        <Group gap="xs" mt={6}>
          {severities.map((severity) => (
            <Checkbox
              key={severity}
              value={severity}
              label={`${severity.charAt(0).toUpperCase()}${severity.slice(1)}`}
              miw={148}
            />
          ))}
        </Group>
      </Checkbox.Group>
      <MultiSelect
        label="Of services"
        placeholder={value.serviceIds.length === 0 ? 'All services' : ''}
        data={withMissing(
          (services.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
          value.serviceIds,
        )}
        value={value.serviceIds}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'Clear services' }}
        onChange={(serviceIds) => onChange({ ...value, serviceIds })}
      />
      <MultiSelect
        label="From integration types"
        placeholder={value.integrationTypes.length === 0 ? 'All types' : ''}
        data={withMissing(
          [...new Set(types)].map((type) => ({ value: type, label: type })),
          value.integrationTypes,
        )}
        value={value.integrationTypes}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'Clear types' }}
        onChange={(integrationTypes) => onChange({ ...value, integrationTypes })}
      />
    </Stack>
  );
}

/** A chosen value whose thing was deleted stays visible, so that it can be taken out. */
function withMissing(choices: { value: string; label: string }[], chosen: readonly string[]) {
  const missing = chosen.filter((value) => !choices.some((choice) => choice.value === value));
  return [...choices, ...missing.map((value) => ({ value, label: `${value} (not there any more)` }))];
}
