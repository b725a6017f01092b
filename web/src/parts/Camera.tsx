import { useEffect, useRef, useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { useWords } from '../app/app.ts';
import { stopCamera } from '../scan/camera.ts';
import type { CameraTrouble } from '../scan/camera.ts';
import type { Decoder } from '../scan/decoder.ts';
import { camera } from '../scan/warmCamera.ts';
import { watchVideo } from '../scan/watchVideo.ts';
import { Drawing } from './Drawing.tsx';
import { Notice } from './Notice.tsx';

interface Props {
  readonly decoder: Decoder;
  readonly onText: (text: string) => void;
  /** Someone else's screen is scanned from above with either camera; a person at a stall prefers the back one. */
  readonly onTrouble: () => void;
}
/** The camera's picture with a frame to aim by. Without a camera it says what else can be done. */
export function Camera({ decoder, onText, onTrouble }: Props): VNode {
  const m = useWords();
  const video = useRef<HTMLVideoElement>(null);
  const handler = useRef(onText);
  handler.current = onText;
  const [facing, setFacing] = useState<'environment' | 'user'>('environment');
  const [cameras, setCameras] = useState(1);
  const [trouble, setTrouble] = useState<CameraTrouble | null>(null);
  useEffect(() => {
    const ending = new AbortController();
    let open: MediaStream | null = null;
    const start = async (): Promise<void> => {
      const outcome = await camera.take(facing);
      if (!outcome.ok) {
        setTrouble(outcome.trouble);
        onTrouble();
        return;
      }
      open = outcome.stream;
      if (ending.signal.aborted || !video.current) {
        stopCamera(open);
        return;
      }
      setTrouble(null);
      setCameras(outcome.cameras);
      video.current.srcObject = open;
      await video.current.play();
      await watchVideo(video.current, decoder, (text) => handler.current(text), ending.signal);
    };
    // play() is interrupted when the screen is left, and the decoder ends with it
    start().catch(() => {
      if (!ending.signal.aborted) setTrouble('busy');
    });
    return () => {
      ending.abort();
      if (open) stopCamera(open);
    };
  }, [decoder, facing]);
  if (trouble) {
    const text = { blocked: m.camera_blocked(), none: m.camera_none(), busy: m.camera_busy() }[trouble];
    return (
      <Notice drawing="camera" tone="calm" role="alert">
        <p>{text}</p>
        {trouble === 'blocked' && (
          <details>
            <summary>{m.camera_how()}</summary>
            <p>{m.camera_how_text()}</p>
          </details>
        )}
      </Notice>
    );
  }
  return (
    <div class="camera">
      <video ref={video} muted playsInline aria-label={m.camera_picture()} />
      <span class="aim" aria-hidden="true" />
      {cameras > 1 && (
        <button
          type="button"
          class="button second turn"
          onClick={() => setFacing(facing === 'user' ? 'environment' : 'user')}
        >
          <Drawing name="turn" />
          {m.turn_camera()}
        </button>
      )}
    </div>
  );
}
