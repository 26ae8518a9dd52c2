import {
  branchFilter,
  dedupKey,
  defineIntegration,
  eventOf,
  ingestedFrom,
  invalid,
  unwantedBranch,
  type Issue,
  type Reading,
  type SafeParsed,
} from '@patchbay/plugin-sdk';
import { buildSchema, type Build } from './build.schema.ts';

interface Settings {
  branches: string[];
}

export default defineIntegration<Settings>({
  ingest(request, { configuration }) {
    const isWanted = branchFilter(configuration.branches);
    const builds = request.lines().map((line): SafeParsed<Build> => request.safeParse(buildSchema, line));
    const issues: Issue[] = builds.flatMap((build) => (build.success ? [] : build.issues));
    if (issues.length > 0) return invalid('A line is no build', issues);
    const readings = builds.flatMap((build) => (build.success ? [reading(build.data, isWanted)] : []));
    return ingestedFrom(readings, request, 'There is no build');
  },
});

function reading(build: Build, isWanted: (branch: string) => boolean): Reading {
  if (!isWanted(build.branch)) return unwantedBranch(build.branch);
  return eventOf({
    action: build.passed ? 'resolve' : 'trigger',
    key: dedupKey('builds', build.branch),
    summary: [`The build of ${build.branch} ${build.passed ? 'passes' : 'fails'}`],
    source: ['builds'],
    severity: 'error',
    kind: 'build',
    links: [],
    details: {},
  });
}
