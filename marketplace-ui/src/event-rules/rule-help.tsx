import { ruleExamples } from './rule-examples.ts';
import type { EventRule } from '@patchbay/plugin-sdk/contract/event-rules';
import { Anchor, Button } from '@mantine/core';
import { Section } from '../components/section.tsx';
import { actWords } from './rule-draft.ts';
import classes from './rules-tab.module.css';

/** How rules are written, with examples to start from. @param onUse undefined for who may only look */
export function RuleHelp({ onUse }: { onUse: ((rule: EventRule) => void) | undefined }) {
  return (
    <Section title="How rules are written">
      <div className={classes.help}>
        <p>
          Conditions and expressions are{' '}
          <Anchor underline="always" href="https://cel.dev" target="_blank" rel="noreferrer">
            CEL
          </Anchor>
          . They know <code className="mono">event</code> with action, dedup_key, summary, source, severity, component,
          group, class and custom_details, and <code className="mono">request</code> with method, headers, query,
          content_type and received_at. A text that is missing is empty. Whether a detail is there:{' '}
          <code className="mono">has(event.custom_details.used)</code>.
        </p>
        <p>
          A rule that fails on an event is left out for it, and the request says so. Rules that run too long are
          stopped: the request stays pending, and nothing is lost.
        </p>
        <ul className={classes.examples} aria-label="Examples">
          {ruleExamples.map((rule) => (
            <li key={rule.name}>
              <div className={classes.what}>
                <h3 className={classes.name}>{rule.name}</h3>
                <dl className={classes.parts}>
                  <dt>When</dt>
                  <dd className="mono">{rule.when}</dd>
                  <dt>Then</dt>
                  <dd className={rule.then.action === 'drop' ? '' : 'mono'}>{actWords(rule)}</dd>
                </dl>
              </div>
              {onUse !== undefined && (
                <Button
                  variant="default"
                  size="xs"
                  aria-label={`Start from “${rule.name}”`}
                  onClick={() => onUse(rule)}
                >
                  Start from this
                </Button>
              )}
            </li>
          ))}
        </ul>
      </div>
    </Section>
  );
}
