import type { PluginCard as Card } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { BadgeCheck, CheckCircle2, Download, Star, TriangleAlert } from 'lucide-react';
import { Status } from '../components/status.tsx';
import { Time } from '../components/time.tsx';
import { count } from '../consent/words.ts';
import { CardLink } from './card-link.tsx';
import { categoryWord, providesWord } from './plugin-words.ts';
import { PluginIcon } from './plugin-icon.tsx';
import classes from './plugin-card.module.css';

/** One plugin of the catalogue; the whole card follows its link. */
export function PluginCard({ plugin }: { plugin: Card }) {
  const [namespace = '', name = ''] = plugin.id.split('/');
  return (
    <li className={classes.card}>
      <div className={classes.head}>
        <PluginIcon src={plugin.icon} size={40} />
        <div className={classes.names}>
          <h2 className={classes.name}>
            <CardLink to="/marketplace/$namespace/$name" params={{ namespace, name }}>
              {plugin.name}
            </CardLink>
          </h2>
          <p className={classes.publisher}>
            {plugin.publisher.namespace}
            {plugin.publisher.firstParty && (
              <span className={classes.first} title="Published by the makers of Patchbay">
                <BadgeCheck size={14} aria-hidden="true" /> First party
              </span>
            )}
          </p>
        </div>
        <div className={classes.marks}>
          {plugin.installed !== null && <Status word="Installed" tone="good" icon={CheckCircle2} pill />}
          {plugin.deprecated !== null && <Status word="Deprecated" tone="caution" icon={TriangleAlert} pill />}
        </div>
      </div>
      <p className={classes.summary}>{plugin.summary}</p>
      <p className={classes.kinds}>
        {[...plugin.provides.map(providesWord), ...plugin.categories.map(categoryWord)].join(' · ')}
      </p>
      <ul className={classes.facts} aria-label={`About ${plugin.name}`}>
        <li>
          <Download size={14} aria-hidden="true" /> {count(plugin.installs, 'install')}
        </li>
        <li>
          <Star size={14} aria-hidden="true" /> <Rating rating={plugin.rating} />
        </li>
        <li className={classes.updated}>
          Updated <Time at={plugin.updatedAt} />
        </li>
      </ul>
    </li>
  );
}

/** An average says nothing without its count. */
export function Rating({ rating }: { rating: Card['rating'] }) {
  if (rating.average === null || rating.count === 0) return <>No ratings yet</>;
  return (
    <>
      {rating.average.toFixed(1)}
      <span className="sr-only"> of 5, </span> ({rating.count.toLocaleString('en')}
      <span className="sr-only"> ratings</span>)
    </>
  );
}
