import type { Installation } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { useId } from 'react';
import { PluginIcon } from '../marketplace/plugin-icon.tsx';
import classes from './type-choice.module.css';

interface TypeChoiceProps {
  installations: readonly Installation[];
  value: string | null;
  onChange: (type: string) => void;
}

/** The installed ingest plugins as one group of radio buttons. */
export function TypeChoice({ installations, value, onChange }: TypeChoiceProps) {
  const name = useId();
  return (
    <div className={classes.choices} role="radiogroup" aria-label="Type of the integration">
      {installations.map(({ id, name: title, icon, integrationType, state, environment }) => (
        <label key={id} className={classes.choice}>
          <input
            type="radio"
            name={name}
            value={integrationType ?? ''}
            checked={integrationType === value}
            disabled={state !== 'enabled'}
            onChange={() => onChange(integrationType ?? '')}
          />
          <PluginIcon src={icon} size={28} />
          <span className={classes.words}>
            <span>{title}</span>
            <span className={classes.type}>
              {state === 'enabled' ? <span className="mono">{integrationType}</span> : `${state} in ${environment}`}
            </span>
          </span>
        </label>
      ))}
    </div>
  );
}
