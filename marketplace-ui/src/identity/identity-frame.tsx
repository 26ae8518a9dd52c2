import { Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { Mark } from '../theme/mark.tsx';
import classes from './identity-frame.module.css';

interface IdentityFrameProps {
  title: string;
  about: ReactNode;
  children: ReactNode;
}

/** The screens before the shell: mark, one card, one form. */
export function IdentityFrame({ title, about, children }: IdentityFrameProps) {
  useDocumentTitle(`${title} · Patchbay`);
  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <div className={classes.brand}>
          <Mark size={26} />
          Patchbay
        </div>
        <div className={classes.panel}>
          <Title order={1}>{title}</Title>
          <p className={classes.about}>{about}</p>
          {children}
        </div>
      </div>
    </main>
  );
}
