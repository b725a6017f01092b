import { useEffect, useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { useCircle, useWords } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { Notice } from '../parts/Notice.tsx';
import { Screen } from '../parts/Screen.tsx';

interface Room {
  readonly used: number | null;
  readonly left: number | null;
  readonly kept: boolean;
}
const MEGABYTE = 1_000_000;

const lookAtRoom = async (): Promise<Room> => {
  const [estimate, kept] = await Promise.all([navigator.storage.estimate(), navigator.storage.persisted()]);
  const { usage = null, quota = null } = estimate;
  return { used: usage, left: usage === null || quota === null ? null : quota - usage, kept };
};

/** Whether the browser promised to keep what is here, and how much room there is. */
export default function Storage(): VNode {
  const m = useWords();
  const circle = useCircle();
  const format = useFormat();
  const [room, setRoom] = useState<Room | null>(null);
  const [asked, setAsked] = useState(false);
  useEffect(() => {
    lookAtRoom().then(setRoom, () => setRoom({ used: null, left: null, kept: false }));
  }, []);
  const keep = async (): Promise<void> => {
    await navigator.storage.persist();
    setAsked(true);
    setRoom(await lookAtRoom());
  };
  const size = (bytes: number): string =>
    m.megabytes({ shown: format.number(Math.round((bytes / MEGABYTE) * 10) / 10) });
  return (
    <Screen title={m.storage_title()} back="/me">
      {circle.storageTrouble !== null && (
        <Notice drawing="storage" tone="trouble" role="alert">
          <p>{m.notice_storage({ reason: circle.storageTrouble })}</p>
        </Notice>
      )}
      <p class="lead" role="status">
        {room === null ? m.starting() : room.kept ? m.storage_kept() : m.storage_not_kept()}
      </p>
      {room && !room.kept && (
        <div class="stack push">
          <button class="button wide" type="button" onClick={() => void keep()}>
            {m.keep_it_safe()}
          </button>
          {asked && <p role="status">{m.storage_refused_by_browser()}</p>}
        </div>
      )}
      <dl class="facts push">
        {room?.used != null && (
          <div>
            <dt>{m.storage_used()}</dt>
            <dd>{size(room.used)}</dd>
          </div>
        )}
        {room?.left != null && (
          <div>
            <dt>{m.storage_left()}</dt>
            <dd>{size(room.left)}</dd>
          </div>
        )}
        <div>
          <dt>{m.storage_entries()}</dt>
          <dd>{format.number(circle.entryCount)}</dd>
        </div>
      </dl>
    </Screen>
  );
}
