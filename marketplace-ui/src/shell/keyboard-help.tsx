import { Kbd, Modal, Table } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useSession } from '../api/session.ts';
import { useSingleKey, useSingleKeysSetting } from '../components/single-keys.ts';
import { placesFor } from './navigation.ts';
import { TextLink } from '../components/link.tsx';

const opened = 'patchbay:keyboard-help';

export function openKeyboardHelp(): void {
  window.dispatchEvent(new Event(opened));
}

const general: [keys: string[], act: string][] = [
  [['Ctrl', 'K'], 'Find anything and go there (⌘ K on a Mac)'],
  [['/'], 'Search this list'],
  [['j'], 'Next row'],
  [['k'], 'Previous row'],
  [['Enter'], 'Open the row'],
  [['Esc'], 'Close a drawer or dialog'],
  [['a'], 'Acknowledge the incident on the page'],
  [['r'], 'Replay the delivery or request on the page'],
  [['?'], 'This list'],
];

/** `?` shows every key. */
export function KeyboardHelp() {
  const [isOpen, setOpen] = useState(false);
  const [enabled] = useSingleKeysSetting();
  const session = useSession();
  useSingleKey('?', () => setOpen(true));
  useEffect(() => {
    const open = () => setOpen(true);
    window.addEventListener(opened, open);
    return () => window.removeEventListener(opened, open);
  }, []);
  return (
    <Modal
      opened={isOpen}
      onClose={() => setOpen(false)}
      title="Keyboard shortcuts"
      closeButtonProps={{ 'aria-label': 'Close' }}
      styles={{ title: { fontWeight: 600, fontSize: '1rem' } }}
    >
      {!enabled && <p style={{ marginTop: 0 }}>Keys pressed alone are switched off in your account settings.</p>}
      <Table verticalSpacing={6} aria-label="Keyboard shortcuts">
        <Table.Tbody>
          {[
            ...general,
            ...placesFor(session).map((place) => [['g', place.keys], `Go to ${place.label}`] as [string[], string]),
          ].map(([keys, act]) => (
            <Table.Tr key={act}>
              <Table.Td w={110}>
                {keys.map((key) => (
                  <Kbd key={key} mr={4}>
                    {key}
                  </Kbd>
                ))}
              </Table.Td>
              <Table.Td>{act}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <p style={{ marginBottom: 0 }}>
        Keys pressed alone can be switched off under{' '}
        <TextLink to="/settings/account" onClick={() => setOpen(false)}>
          your account
        </TextLink>
        .
      </p>
    </Modal>
  );
}
