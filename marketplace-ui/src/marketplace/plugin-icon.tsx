import { Plug } from 'lucide-react';
import { useState } from 'react';
import classes from './plugin-icon.module.css';

/** A plugin's icon as an image (never as markup: it is a stranger's file); a socket when it cannot be drawn. */
export function PluginIcon({ src, size = 24 }: { src: string; size?: number }) {
  const [failed, setFailed] = useState(false);
  return (
    <span className={classes.frame} style={{ width: size, height: size }}>
      {failed ? (
        <Plug size={size * 0.6} aria-hidden="true" />
      ) : (
        <img src={src} alt="" width={size * 0.7} height={size * 0.7} loading="lazy" onError={() => setFailed(true)} />
      )}
    </span>
  );
}
