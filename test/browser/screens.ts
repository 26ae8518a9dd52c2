import type { Locator, Page } from 'playwright-core';
import type { Seeded } from './seed.ts';

/** A screen with data on it. */
export interface Screen {
  name: string;
  path: (seeded: Seeded) => string;
  /** Seen when its data is there; default: its heading. */
  shows?: (page: Page) => Locator;
  /** What a person does to get from the address to the screen. */
  act?: (page: Page) => Promise<void>;
}

const table = (name: string) => (page: Page) => page.getByRole('table', { name }).getByRole('row').nth(1);
const dialog = (page: Page) => page.getByRole('dialog');

async function claimNamespace(page: Page, name: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Namespace' }).fill(name);
  await page.getByRole('button', { name: 'Claim' }).click();
}

/** Every screen of the interface for who is signed in, and the dialogs in which something is decided. */
export const screens: readonly Screen[] = [
  { name: 'incidents', path: () => '/incidents', shows: table('Incidents') },
  {
    name: 'no incident matches',
    path: () => '/incidents?q=nothing-has-this-name',
    shows: heading('No incident matches'),
  },
  { name: 'an incident', path: ({ incidentId }) => `/incidents/${incidentId}`, shows: line },
  {
    name: 'a step of an incident',
    path: ({ incidentId }) => `/incidents/${incidentId}`,
    act: (page) =>
      line(page)
        .getByRole('button', { name: /^Everything to Jira/ })
        .click(),
    shows: (page) => dialog(page).getByRole('link', { name: 'Open the delivery' }),
  },
  {
    name: 'acknowledging an incident',
    path: ({ incidentId }) => `/incidents/${incidentId}`,
    act: (page) => page.getByRole('button', { name: 'Acknowledge' }).click(),
    shows: (page) => dialog(page).getByRole('button', { name: 'Acknowledge' }),
  },
  { name: 'services', path: () => '/services', shows: table('Services') },
  { name: 'a service', path: ({ serviceId }) => `/services/${serviceId}`, shows: table('Integrations') },
  {
    name: 'adding an integration',
    path: ({ serviceId }) => `/services/${serviceId}/integrations/new?type=webhook`,
    shows: (page) => page.getByRole('button', { name: 'Add the integration' }),
  },
  { name: 'integrations', path: () => '/integrations', shows: table('Integrations') },
  {
    name: 'an integration',
    path: ({ integrationId }) => `/integrations/${integrationId}`,
    shows: table('Last requests'),
  },
  {
    name: 'connecting a sender',
    path: ({ integrationId }) => `/integrations/${integrationId}?tab=connect`,
    shows: (page) => page.getByRole('button', { name: 'Show the key' }),
  },
  {
    name: 'rules of an integration',
    path: ({ integrationId }) => `/integrations/${integrationId}?tab=rules`,
    act: (page) => page.getByRole('button', { name: 'Try the rules' }).click(),
    shows: (page) => page.getByRole('list', { name: 'Events before and after the rules' }).getByRole('row').nth(1),
  },
  {
    name: 'making a rule',
    path: ({ integrationId }) => `/integrations/${integrationId}?tab=rules`,
    act: (page) => page.getByRole('button', { name: 'Start from “Full disks are critical”' }).click(),
    shows: (page) => dialog(page).getByRole('button', { name: 'Add to the list' }),
  },
  {
    name: 'settings of an integration',
    path: ({ integrationId }) => `/integrations/${integrationId}?tab=settings`,
    shows: (page) => page.getByRole('textbox', { name: 'Name' }),
  },
  {
    name: 'sending a test event',
    path: ({ integrationId }) => `/integrations/${integrationId}`,
    act: (page) => page.getByRole('button', { name: 'Send a test event' }).click(),
    shows: (page) => dialog(page).getByRole('button', { name: 'Send the test event' }),
  },
  { name: 'a request', path: ({ requestId }) => `/requests/${requestId}`, shows: line },
  {
    name: 'a request that was refused',
    path: ({ invalidRequestId }) => `/requests/${invalidRequestId}`,
    shows: (page) => page.getByRole('list', { name: 'Issues' }),
  },
  { name: 'deliveries', path: () => '/deliveries', shows: table('Deliveries') },
  { name: 'a delivery', path: ({ deliveryId }) => `/deliveries/${deliveryId}`, shows: line },
  {
    name: 'a delivery that failed',
    path: ({ failedDeliveryId }) => `/deliveries/${failedDeliveryId}`,
    shows: (page) => page.getByRole('region', { name: 'Attempts' }).getByText('Attempt 1'),
  },
  {
    name: 'replaying a delivery',
    path: ({ deliveryId }) => `/deliveries/${deliveryId}`,
    act: (page) => page.getByRole('button', { name: 'Replay', exact: true }).click(),
    shows: (page) => dialog(page).getByRole('button', { name: 'Resume' }),
  },
  { name: 'webhooks', path: () => '/webhooks', shows: table('Webhooks') },
  { name: 'a new webhook', path: () => '/webhooks/new' },
  { name: 'a webhook', path: ({ webhookId }) => `/webhooks/${webhookId}` },
  {
    name: 'the marketplace',
    path: () => '/marketplace',
    shows: (page) => page.getByRole('link', { name: 'Jira Cloud' }),
  },
  { name: 'a plugin', path: () => '/marketplace/patchbay/jira', shows: tab('Overview') },
  {
    name: 'permissions of a plugin',
    path: () => '/marketplace/patchbay/jira?tab=permissions',
    shows: tab('Permissions'),
  },
  { name: 'versions of a plugin', path: () => '/marketplace/patchbay/jira?tab=versions', shows: tab('Versions') },
  { name: 'security of a plugin', path: () => '/marketplace/patchbay/jira?tab=security', shows: tab('Security') },
  {
    name: 'installing a plugin',
    path: () => '/marketplace/patchbay/jira/install',
    shows: (page) => page.getByRole('button', { name: /^Install and allow/ }),
  },
  {
    name: 'installed plugins',
    path: () => '/installed',
    shows: (page) => page.getByRole('link', { name: 'Jira Cloud' }),
  },
  {
    name: 'routes of an installed plugin',
    path: ({ installationId }) => `/installed/${installationId}?tab=routes`,
    shows: heading('Everything to Jira'),
  },
  {
    name: 'making a route',
    path: ({ installationId }) => `/installed/${installationId}?tab=routes`,
    act: (page) => page.getByRole('button', { name: 'Add a route' }).click(),
    shows: (page) => dialog(page).getByRole('button', { name: 'Start routing' }),
  },
  {
    name: 'settings of an installed plugin',
    path: ({ installationId }) => `/installed/${installationId}?tab=settings`,
    shows: (page) => page.getByRole('textbox', { name: 'Project key' }),
  },
  {
    name: 'what an installed plugin may do',
    path: ({ installationId }) => `/installed/${installationId}?tab=permissions`,
    shows: tab('Permissions'),
  },
  {
    name: 'runs of an installed plugin',
    path: ({ installationId }) => `/installed/${installationId}?tab=runs`,
    shows: heading('Runs'),
  },
  {
    name: 'nothing to update',
    path: ({ installationId }) => `/installed/${installationId}/update`,
    shows: heading('There is nothing to update'),
  },
  { name: 'the review queue', path: () => '/review', shows: table('Submissions') },
  {
    name: 'a submission',
    path: ({ submissionId }) => `/review/submissions/${submissionId}`,
    shows: (page) => page.getByRole('button', { name: 'Approve', exact: true }),
  },
  {
    name: 'the source of a submission',
    path: ({ submissionId }) => `/review/submissions/${submissionId}?tab=source`,
    shows: (page) => page.getByRole('region', { name: /^Difference of/ }),
  },
  {
    name: 'the checks of a submission',
    path: ({ submissionId }) => `/review/submissions/${submissionId}?tab=checks`,
    shows: heading('Checks'),
  },
  {
    name: 'the history of a submission',
    path: ({ submissionId }) => `/review/submissions/${submissionId}?tab=history`,
    shows: heading('What happened'),
  },
  {
    name: 'rejecting a submission',
    path: ({ submissionId }) => `/review/submissions/${submissionId}`,
    act: (page) => page.getByRole('button', { name: 'Reject' }).click(),
    shows: (page) => dialog(page).getByRole('button', { name: 'Reject it' }),
  },
  { name: 'revocations', path: () => '/review/revocations', shows: heading('Revoke versions') },
  {
    name: 'revoking what many have installed',
    path: () => '/review/revocations?plugin=patchbay%2Fpingdom&range=*',
    shows: (page) => page.getByText(/when a second reviewer agrees/),
  },
  {
    name: 'confirming a hard revocation',
    path: () => '/review',
    act: (page) => page.getByRole('button', { name: 'Confirm', exact: true }).click(),
    shows: (page) => dialog(page).getByRole('button', { name: 'Revoke everywhere' }),
  },
  {
    name: 'withdrawing a hard revocation',
    path: () => '/review/revocations',
    act: (page) => page.getByRole('button', { name: 'Withdraw', exact: true }).click(),
    shows: (page) => dialog(page).getByRole('button', { name: 'Withdraw it' }),
  },
  { name: 'switches of checks', path: () => '/review/checks', shows: table('Checks and their switches') },
  { name: 'no reports', path: () => '/review/reports', shows: heading('No report waits') },
  { name: 'requests for namespaces', path: () => '/review/namespaces', shows: heading('Claim of grafana') },
  {
    name: 'refusing a namespace',
    path: () => '/review/namespaces',
    act: (page) => page.getByRole('button', { name: 'Refuse' }).click(),
    shows: (page) => dialog(page).getByRole('button', { name: 'Refuse it' }),
  },
  { name: 'publishing', path: () => '/publishing', shows: heading('From a folder to the catalogue') },
  {
    name: 'namespaces',
    path: () => '/publishing?tab=namespaces',
    act: (page) => claimNamespace(page, 'shop'),
    shows: table('Members of shop'),
  },
  {
    name: 'adding a member to a namespace',
    path: () => '/publishing?tab=namespaces',
    act: async (page) => {
      await claimNamespace(page, 'bazaar');
      await page.getByRole('region', { name: 'bazaar' }).getByRole('button', { name: 'Add member' }).click();
    },
    shows: (page) => dialog(page).getByRole('button', { name: 'Add member' }),
  },
  {
    name: 'what became of a submission',
    path: ({ submissionId }) => `/publishing/submissions/${submissionId}`,
    shows: heading('What happened'),
  },
  { name: 'the account', path: () => '/settings/account', shows: heading('Your account') },
  { name: 'the group', path: () => '/settings/group', shows: (page) => page.getByRole('textbox', { name: 'Name' }) },
  {
    name: 'roles of the registry',
    path: () => '/settings/registry',
    shows: table('People and their roles in the registry'),
  },
  { name: 'members', path: () => '/settings/members', shows: (page) => page.getByText('mary@example.com') },
  { name: 'API tokens', path: () => '/settings/tokens', shows: (page) => page.getByText('A token of the tests') },
  { name: 'the audit log', path: () => '/settings/audit', shows: (page) => page.getByRole('row').nth(1) },
  { name: 'an address that leads nowhere', path: () => '/no-such-page' },
];

function line(page: Page): Locator {
  return page.getByRole('group', { name: /^Path of/ });
}

function tab(name: string) {
  return (page: Page) => page.getByRole('tabpanel', { name: new RegExp(`^${name}`) });
}

function heading(name: string) {
  return (page: Page) => page.getByRole('heading', { name });
}
