import { capabilityModule, capabilityProofs } from '@patchbay/plugin-sdk/contract/abi';
import { capabilities, type Capability } from '@patchbay/plugin-sdk/contract/permissions';
import { CircleSlash, LockOpen } from 'lucide-react';
import { Status } from '../components/status.tsx';
import classes from './proof-of-imports.module.css';

const words: Record<Capability, string> = {
  http: 'send requests to other hosts',
  store: 'remember things between calls',
  emit: 'report events of its own',
  schedule: 'run again later',
};

/**
 * What the module's import section proves: a capability that is not imported cannot be used, whatever the manifest
 * or the README says.
 */
export function ProofOfImports({ imports }: { imports: readonly string[] }) {
  return (
    <>
      <p className={classes.about}>
        This is read from the compiled module itself, not from what its author claims. What is not imported cannot be
        done.
      </p>
      <ul className={classes.list}>
        {capabilities.map((capability) => {
          const imported = importsOf(imports, capability);
          return (
            <li key={capability}>
              {imported ? (
                <Status word="Can" tone="neutral" icon={LockOpen} />
              ) : (
                <Status word="Cannot" tone="good" icon={CircleSlash} />
              )}
              <span>{words[capability]}</span>
              <span className="mono">{capabilityModule(capability)}</span>
            </li>
          );
        })}
      </ul>
      <p className={classes.raw}>
        This module imports: <span className="mono">{imports.length === 0 ? 'nothing' : imports.join(', ')}</span>
      </p>
    </>
  );
}

function importsOf(imports: readonly string[], capability: Capability): boolean {
  return capabilityProofs(capability).some((proof) =>
    imports.some((name) => name === proof || name.startsWith(`${proof}.`) || name.startsWith(`${proof}/`)),
  );
}
