import { Anchor, Button, type AnchorProps, type ButtonProps } from '@mantine/core';
import { createLink, type LinkComponent } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, Ref } from 'react';

type Html<P> = P & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof P> & { ref?: Ref<HTMLAnchorElement> };

function AnchorBase(props: Html<AnchorProps>) {
  return <Anchor {...props} />;
}
function ButtonBase(props: Html<ButtonProps>) {
  return <Button component="a" {...props} />;
}

const CreatedAnchor = createLink(AnchorBase);
const CreatedButton = createLink(ButtonBase);

/** A link inside the interface, typed by the router: `<TextLink to="/incidents/$id" params={{ id }}>`. */
export const TextLink: LinkComponent<typeof AnchorBase> = (props) => <CreatedAnchor {...props} />;

/** The same, looking like a button: for acts that only open another page. */
export const ButtonLink: LinkComponent<typeof ButtonBase> = (props) => <CreatedButton {...props} />;
