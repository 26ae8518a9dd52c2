import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const id = z.union([z.string(), z.number()]);
const repository = z.looseObject({ full_name: z.string(), html_url: scalar.optional() });
const packageName = z.looseObject({ name: scalar.optional(), ecosystem: scalar.optional() }).nullish();

/** https://docs.github.com/en/webhooks/webhook-events-and-payloads#dependabot_alert */
export const dependabotAlertSchema = z.looseObject({
  action: scalar,
  repository,
  alert: z.looseObject({
    number: id,
    html_url: scalar.optional(),
    updated_at: scalar.optional(),
    dependency: z.looseObject({ package: packageName, manifest_path: scalar.optional() }).nullish(),
    security_advisory: z
      .looseObject({
        severity: scalar.optional(),
        summary: scalar.optional(),
        ghsa_id: scalar.optional(),
        cve_id: scalar.optional(),
      })
      .nullish(),
    security_vulnerability: z.looseObject({ severity: scalar.optional(), package: packageName }).nullish(),
  }),
});

/** https://docs.github.com/en/webhooks/webhook-events-and-payloads#code_scanning_alert */
export const codeScanningAlertSchema = z.looseObject({
  action: scalar,
  repository,
  ref: scalar.optional(),
  alert: z.looseObject({
    number: id,
    html_url: scalar.optional(),
    rule: z
      .looseObject({
        id: scalar.optional(),
        name: scalar.optional(),
        description: scalar.optional(),
        severity: scalar.optional(),
        security_severity_level: scalar.optional(),
      })
      .nullish(),
    tool: z.looseObject({ name: scalar.optional() }).nullish(),
  }),
});

/** https://docs.github.com/en/webhooks/webhook-events-and-payloads#secret_scanning_alert */
export const secretScanningAlertSchema = z.looseObject({
  action: scalar,
  repository,
  alert: z.looseObject({
    number: id,
    html_url: scalar.optional(),
    secret_type: scalar.optional(),
    secret_type_display_name: scalar.optional(),
    resolution: scalar.optional(),
  }),
});

/** The predecessor of dependabot_alert, still sent by older GitHub Enterprise Servers. */
export const vulnerabilityAlertSchema = z.looseObject({
  action: scalar,
  repository,
  alert: z.looseObject({
    id: id.nullish(),
    number: id.nullish(),
    severity: scalar.optional(),
    affected_package_name: scalar.optional(),
    affected_range: scalar.optional(),
    external_identifier: scalar.optional(),
    external_reference: scalar.optional(),
    fixed_in: scalar.optional(),
  }),
});
