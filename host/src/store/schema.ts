import type { DeliveryTables } from './tables/delivery-tables.ts';
import type { IdentityTables } from './tables/identity-tables.ts';
import type { IncidentTables } from './tables/incident-tables.ts';
import type { InstallationTables } from './tables/installation-tables.ts';
import type { IntegrationTables } from './tables/integration-tables.ts';
import type { SecretTables } from './tables/secret-tables.ts';

/** Every table of the host, as Kysely types its columns: what is read, inserted and updated. */
export interface Database
  extends IdentityTables, InstallationTables, SecretTables, IntegrationTables, IncidentTables, DeliveryTables {}
