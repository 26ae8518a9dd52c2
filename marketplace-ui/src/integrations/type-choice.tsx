import type { Installation } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { Button, Group } from '@mantine/core';
import { useId, useState } from 'react';
import { SearchField } from '../components/search-field.tsx';
import { PluginIcon } from '../marketplace/plugin-icon.tsx';
import classes from './type-choice.module.css';

interface TypeChoiceProps {
  installations: readonly Installation[];
  value: string | null;
  onChange: (type: string) => void;
}

/** So many can be taken in at a glance; more get a search, and make room for the form once one is chosen. */
const FEW = 12;

/** The installed ingest plugins as one group of radio buttons. */
export function TypeChoice({ installations, value, onChange }: TypeChoiceProps) {
  const group = useId();
  const [wanted, setWanted] = useState('');
  const [looking, setLooking] = useState(value === null);
  const few = installations.length <= FEW;
  const shown = installations.filter(
    ({ name, integrationType }) =>
      few ||
      integrationType === value ||
      (looking && `${name} ${integrationType ?? ''}`.toLowerCase().includes(wanted.toLowerCase())),
  );
  return (
    <>
      {!few && (
        <Group mb="md">
          {looking ? (
            <SearchField label="Find a sender" value={wanted} onChange={setWanted} />
          ) : (
            <Button variant="default" size="xs" onClick={() => setLooking(true)}>
              Choose another
            </Button>
          )}
        </Group>
      )}
      <div className={classes.choices} role="radiogroup" aria-label="Type of the integration">
        {shown.map(({ id, name, icon, integrationType, state, environment }) => (
          <label key={id} className={classes.choice}>
            <input
              type="radio"
              name={group}
              value={integrationType ?? ''}
              checked={integrationType === value}
              disabled={state !== 'enabled'}
              onChange={() => {
                setLooking(false);
                setWanted('');
                onChange(integrationType ?? '');
              }}
            />
            <PluginIcon src={icon} size={28} />
            <span className={classes.words}>
              <span>{name}</span>
              <span className={classes.type}>
                {state === 'enabled' ? <span className="mono">{integrationType}</span> : `${state} in ${environment}`}
              </span>
            </span>
          </label>
        ))}
      </div>
      {shown.length === 0 && <p role="status">No installed plugin is called “{wanted}”. Look in the marketplace.</p>}
    </>
  );
}
