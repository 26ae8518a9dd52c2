import { useQuery } from '@tanstack/react-query';
import { membersQuery } from '../api/members.ts';

/**
 * Who did something: the records say `user:usr_...` or `token:tok_...`, people want a name. What cannot be resolved
 * (a member who left, the host itself) is shown as recorded.
 */
export function Actor({ name }: { name: string }) {
  const members = useQuery({ ...membersQuery, enabled: name.startsWith('user:') });
  if (name.startsWith('user:')) {
    const known = members.data?.items.find((member) => `user:${member.userId}` === name);
    return known ? <span title={known.email}>{known.name}</span> : <span className="mono">{name.slice(5)}</span>;
  }
  if (name.startsWith('token:')) {
    return (
      <span title={name}>
        API token <span className="mono">{name.slice(6)}</span>
      </span>
    );
  }
  return <span>{name}</span>;
}
