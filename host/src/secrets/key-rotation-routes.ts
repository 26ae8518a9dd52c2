import { randomUUID } from 'node:crypto';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { GroupId } from '@patchbay/plugin-sdk/contract/ids';
import { keyRotationSchema } from '@patchbay/plugin-sdk/contract/rest/key-rotation';
import type { Actor } from '../api/access.ts';
import { ApiError } from '../api/api-error.ts';
import { audit } from '../identity/audit.ts';
import type { Store } from '../store/open-store.ts';
import { beginRotation, remainingIn, ROTATION_CHANNEL } from './key-rotation.ts';
import type { SealedPlace } from './sealed-place.ts';
import type { Vault } from './vault.ts';

interface Options {
  store: Store;
  vault: Vault;
  places: readonly SealedPlace[];
  firstGroupId: GroupId;
}

/** The rotation of the host key: started and watched by owners of the first group, since the key is of the whole host. */
export function keyRotationRoutes({ store, vault, places, firstGroupId }: Options): FastifyPluginAsyncZod {
  const { db } = store;

  function demandFirstGroup(actor: Actor): void {
    if (actor.groupId !== firstGroupId)
      throw new ApiError('FORBIDDEN', 'The host key is a matter of the owners of the first group.');
  }

  async function show() {
    const last = await db
      .selectFrom('key_rotations')
      .selectAll()
      .orderBy('started_at', 'desc')
      .limit(1)
      .executeTakeFirst();
    return {
      keyId: vault.keyId,
      otherKeyIds: vault.keyIds.filter((id) => id !== vault.keyId),
      remaining: await remainingIn(db, vault, places),
      rotation:
        last === undefined
          ? null
          : {
              id: last.rotation_id,
              keyId: last.key_id,
              startedAt: last.started_at.toISOString(),
              startedBy: last.started_by,
              finishedAt: last.finished_at?.toISOString() ?? null,
              part: last.part,
              passes: last.passes,
              lookedAt: last.looked_at,
              rewrapped: last.rewrapped,
              unreadable: last.unreadable,
            },
    };
  }

  return async (app) => {
    app.get(
      '/api/admin/key-rotation',
      { config: { access: 'owner' }, schema: { response: { 200: keyRotationSchema } } },
      async ({ actor }) => {
        demandFirstGroup(actor);
        return show();
      },
    );

    app.post(
      '/api/admin/key-rotation',
      { config: { access: 'owner' }, schema: { response: { 202: keyRotationSchema } } },
      async ({ actor }, reply) => {
        demandFirstGroup(actor);
        const id = randomUUID();
        const first = { id, keyId: vault.keyId, by: actor.name, part: places[0]?.name ?? '' };
        if (!(await beginRotation(db, first)))
          throw new ApiError('CONFLICT', 'A rotation is under way. GET /api/admin/key-rotation shows how far it is.');
        await audit(db, actor, 'host-key.rotate', id, { keyId: vault.keyId });
        await store.notify(ROTATION_CHANNEL);
        return reply.code(202).send(await show());
      },
    );
  };
}
