import { createLink, type LinkComponent } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, Ref } from 'react';
import classes from './plugin-card.module.css';

function CardAnchor(props: AnchorHTMLAttributes<HTMLAnchorElement> & { ref?: Ref<HTMLAnchorElement> }) {
  return <a {...props} className={classes.link} />;
}
const CreatedCardLink = createLink(CardAnchor);

/** The one link of a card; the whole card follows it. */
export const CardLink: LinkComponent<typeof CardAnchor> = (props) => <CreatedCardLink {...props} />;
