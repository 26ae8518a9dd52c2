import { useSession } from '../api/session.ts';
import { CodeBlock } from '../components/code-block.tsx';
import { Section } from '../components/section.tsx';
import classes from './publishing.module.css';

/** The commands of the first plugin, with this host's address in them. */
export function HowToPublish() {
  const { publicUrl } = useSession();
  const commands = [
    'patchbay init my/weather',
    'patchbay check weather',
    `patchbay login --registry ${publicUrl} --token TOKEN`,
    'patchbay publish weather',
    'patchbay status my/weather',
  ].join('\n');
  return (
    <Section title="From a folder to the catalogue" hint="With the command line of the SDK">
      <div className={classes.stack}>
        <p className={classes.plain}>
          The command line signs with your own key and uploads with an API token of yours that may write, or that
          publishes in one namespace and nothing else. Claim the namespace first, under Namespaces. What you upload is
          checked, and held until somebody else has reviewed it.
        </p>
        <CodeBlock text={commands} label="Commands" />
      </div>
    </Section>
  );
}
