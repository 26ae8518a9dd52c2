import type { PluginDetail } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { Button } from '@mantine/core';
import { CheckCircle2, Download, Lock } from 'lucide-react';
import { useHasRole, useSession } from '../api/session.ts';
import { ButtonLink, TextLink } from '../components/link.tsx';
import { Status } from '../components/status.tsx';
import { installState } from './install-state.ts';

/** The one act of a plugin's page; when there is none, why. */
export function InstallButton({ plugin, version }: { plugin: PluginDetail; version: string | undefined }) {
  const mayInstall = useHasRole('admin');
  const state = installState(plugin, mayInstall, useSession().group.name);
  const [namespace = '', name = ''] = plugin.id.split('/');
  switch (state.kind) {
    case 'ready':
      return (
        <ButtonLink
          fullWidth
          leftSection={<Download size={16} aria-hidden="true" />}
          to="/marketplace/$namespace/$name/install"
          params={{ namespace, name }}
          search={version === undefined ? {} : { version }}
        >
          Review permissions and install
        </ButtonLink>
      );
    case 'installed':
      return (
        <>
          <Status word={`Version ${plugin.version} is installed`} tone="good" icon={CheckCircle2} />
          <ButtonLink fullWidth variant="default" to="/installed/$id" params={{ id: state.installationId }}>
            Open the installation
          </ButtonLink>
          {state.again && (
            <TextLink to="/marketplace/$namespace/$name/install" params={{ namespace, name }}>
              Install once more, for another environment or account
            </TextLink>
          )}
        </>
      );
    case 'other':
      return (
        <>
          <Status word={`Version ${state.version} is installed`} tone="good" icon={CheckCircle2} />
          <p style={{ margin: 0 }}>
            You are reading version {plugin.version}. Your installation stays at {state.version} until you change it.
          </p>
          {mayInstall && (
            <ButtonLink
              fullWidth
              to="/installed/$id/update"
              params={{ id: state.installationId }}
              search={{ version: plugin.version }}
            >
              Change to {plugin.version}
            </ButtonLink>
          )}
          <TextLink to="/installed/$id" params={{ id: state.installationId }}>
            Open the installation
          </TextLink>
        </>
      );
    case 'blocked':
      return (
        <>
          <Button
            fullWidth
            variant="default"
            disabled
            leftSection={<Lock size={16} aria-hidden="true" />}
            aria-describedby="install-blocked"
          >
            Install
          </Button>
          <p id="install-blocked" style={{ margin: 0, color: 'var(--pb-text-muted)' }}>
            {state.reason}
          </p>
        </>
      );
  }
}
