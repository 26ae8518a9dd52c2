import { Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { Fragment, type ReactNode } from 'react';
import classes from './page-header.module.css';

interface PageHeaderProps {
  /** Also the name of the browser's tab. */
  title: string;
  /** Shown instead of the plain title, when it needs more than text. */
  heading?: ReactNode;
  /** Statuses beside the title. */
  badges?: ReactNode;
  /** One sentence or a line of facts below. */
  about?: ReactNode;
  /** Links to the pages above this one. */
  crumbs?: ReactNode[];
  /** Buttons; one of them at most is filled. */
  actions?: ReactNode;
}

export function PageHeader({ title, heading, badges, about, crumbs, actions }: PageHeaderProps) {
  useDocumentTitle(`${title} · Patchbay`);
  return (
    <header className={classes.header}>
      <div className={classes.words}>
        {crumbs && (
          <nav className={classes.crumbs} aria-label="Breadcrumb">
            {crumbs.map((crumb, at) => (
              <Fragment key={at}>
                {crumb}
                <span aria-hidden="true">/</span>
              </Fragment>
            ))}
          </nav>
        )}
        <div className={classes.title}>
          <Title order={1}>{heading ?? title}</Title>
          {badges}
        </div>
        {about && <div className={classes.about}>{about}</div>}
      </div>
      {actions && <div className={classes.actions}>{actions}</div>}
    </header>
  );
}
