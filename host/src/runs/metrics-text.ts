import type { PluginRuns } from '@patchbay/plugin-sdk/contract/rest/runs';

type Labels = Readonly<Record<string, string>>;

interface Metric {
  name: string;
  type: 'counter' | 'gauge';
  help: string;
  samples: [labels: Labels, value: number][];
}

/**
 * The runs of plugins in the text format of Prometheus
 * (https://prometheus.io/docs/instrumenting/exposition_formats/).
 */
export function metricsText(runs: readonly PluginRuns[]): string {
  const labelsOf = ({ plugin, version, installationId }: PluginRuns): Labels => ({
    plugin,
    version,
    installation: installationId,
  });
  const each = (value: (of: PluginRuns) => number): Metric['samples'] => runs.map((of) => [labelsOf(of), value(of)]);
  const seconds = (millis: number): number => millis / 1000;
  const metrics: Metric[] = [
    {
      name: 'patchbay_plugin_runs_total',
      type: 'counter',
      help: 'Runs of a plugin.',
      samples: each(({ runs: n }) => n),
    },
    {
      name: 'patchbay_plugin_errors_total',
      type: 'counter',
      help: 'Failed runs of a plugin by error code.',
      samples: runs.flatMap((of) =>
        Object.entries(of.errors).map(([code, n]): [Labels, number] => [{ ...labelsOf(of), code }, n]),
      ),
    },
    {
      name: 'patchbay_plugin_call_errors_total',
      type: 'counter',
      help: 'What went wrong in deliveries of a plugin beside its runs, by error code.',
      samples: runs.flatMap((of) =>
        Object.entries(of.callErrors).map(([code, n]): [Labels, number] => [{ ...labelsOf(of), code }, n]),
      ),
    },
    {
      name: 'patchbay_plugin_cpu_seconds_total',
      type: 'counter',
      help: 'CPU time of all runs of a plugin.',
      samples: each(({ cpuMillis }) => seconds(cpuMillis.total)),
    },
    {
      name: 'patchbay_plugin_run_cpu_seconds',
      type: 'gauge',
      help: 'CPU time of one run since the host was started, by quantile.',
      samples: runs.flatMap((of): [Labels, number][] => [
        [{ ...labelsOf(of), quantile: '0.5' }, seconds(of.cpuMillis.p50)],
        [{ ...labelsOf(of), quantile: '0.99' }, seconds(of.cpuMillis.p99)],
      ]),
    },
    {
      name: 'patchbay_plugin_memory_bytes_max',
      type: 'gauge',
      help: 'The most memory that a run had.',
      samples: each(({ memoryBytesMax }) => memoryBytesMax),
    },
    {
      name: 'patchbay_plugin_strikes_total',
      type: 'counter',
      help: 'Runs that used up their CPU time, or trapped.',
      samples: runs.flatMap((of): [Labels, number][] => [
        [{ ...labelsOf(of), reason: 'cpu' }, of.strikes.cpu],
        [{ ...labelsOf(of), reason: 'trap' }, of.strikes.trap],
      ]),
    },
    {
      name: 'patchbay_plugin_quarantined',
      type: 'gauge',
      help: '1 while a plugin is not run because it broke its limits too often.',
      samples: each(({ quarantine }) => (quarantine === null ? 0 : 1)),
    },
  ];
  return metrics.map(textOf).join('');
}

function textOf({ name, type, help, samples }: Metric): string {
  const lines = samples.map(([labels, value]) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
    return `${name}{${pairs.join(',')}} ${value}\n`;
  });
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
