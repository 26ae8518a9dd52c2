export interface Status {
  id: string;
  name: string;
  category: 'new' | 'indeterminate' | 'done';
}

export interface Transition {
  id: string;
  name: string;
  /** Names of statuses; undefined: from every other status. */
  from?: string[];
  to: string;
}

export interface Workflow {
  statuses: Status[];
  transitions: Transition[];
}

export interface Comment {
  id: string;
  body: unknown;
  created: string;
}

export interface RemoteLink {
  id: number;
  globalId: string | undefined;
  object: Record<string, unknown>;
}

export interface JiraIssue {
  id: string;
  key: string;
  project: string;
  fields: Record<string, unknown>;
  status: Status;
  comments: Comment[];
  remoteLinks: RemoteLink[];
  /** Searches that still do not see it: the search index lags behind. */
  hiddenSearches: number;
}

export interface Project {
  key: string;
  issueTypes: string[];
  /** Fields on the create screen besides those that every project has. */
  fields?: string[];
}

/** Three columns; done can be reached from both others, and left again. */
export const simpleWorkflow: Workflow = {
  statuses: [
    { id: '10000', name: 'To Do', category: 'new' },
    { id: '3', name: 'In Progress', category: 'indeterminate' },
    { id: '10001', name: 'Done', category: 'done' },
  ],
  transitions: [
    { id: '11', name: 'To Do', from: ['In Progress', 'Done'], to: 'To Do' },
    { id: '21', name: 'In Progress', from: ['To Do'], to: 'In Progress' },
    { id: '31', name: 'Done', from: ['To Do', 'In Progress'], to: 'Done' },
  ],
};

/** What a site holds that was made in it, for a site that goes on from there. */
export interface KeptSite {
  lastId: number;
  issues: JiraIssue[];
}

/** What the site knows: projects, a workflow, and issues by key. */
export class JiraSite {
  readonly projects: Map<string, Project>;
  readonly workflow: Workflow;
  readonly issues: Map<string, JiraIssue>;
  /** For issues created from now on. */
  hiddenSearches = 0;
  #lastId: number;

  constructor(projects: Project[], workflow: Workflow, kept: KeptSite = { lastId: 10_000, issues: [] }) {
    this.issues = new Map(kept.issues.map((issue) => [issue.key, issue]));
    this.#lastId = kept.lastId;
    this.projects = new Map(projects.map((project) => [project.key, project]));
    this.workflow = workflow;
  }

  keep(): KeptSite {
    return { lastId: this.#lastId, issues: [...this.issues.values()] };
  }

  nextId(): string {
    this.#lastId += 1;
    return String(this.#lastId);
  }

  create(project: string, fields: Record<string, unknown>): JiraIssue {
    const [status] = this.workflow.statuses;
    if (status === undefined) throw new Error('A workflow has at least one status');
    const number = [...this.issues.values()].filter((issue) => issue.project === project).length + 1;
    const issue: JiraIssue = {
      id: this.nextId(),
      key: `${project}-${number}`,
      project,
      fields,
      status,
      comments: [],
      remoteLinks: [],
      hiddenSearches: this.hiddenSearches,
    };
    this.issues.set(issue.key, issue);
    return issue;
  }

  /** By key or by id, as every path of the API allows. */
  find(keyOrId: string): JiraIssue | undefined {
    return this.issues.get(keyOrId) ?? [...this.issues.values()].find(({ id }) => id === keyOrId);
  }

  transitionsOf(issue: JiraIssue): Transition[] {
    return this.workflow.transitions.filter(({ from, to }) =>
      from === undefined ? to !== issue.status.name : from.includes(issue.status.name),
    );
  }

  status(name: string): Status {
    const found = this.workflow.statuses.find((status) => status.name === name);
    if (found === undefined) throw new Error(`The workflow has no status "${name}"`);
    return found;
  }
}
