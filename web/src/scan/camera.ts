/** Why there is no picture. */
export type CameraTrouble = 'blocked' | 'none' | 'busy';
export type CameraOutcome =
  | { readonly ok: true; readonly stream: MediaStream; readonly cameras: number }
  | { readonly ok: false; readonly trouble: CameraTrouble };

/** Opens the camera at the back ('environment') or the front ('user'). The caller stops the stream's tracks. */
export const openCamera = async (facing: 'environment' | 'user'): Promise<CameraOutcome> => {
  if (!('mediaDevices' in navigator)) return { ok: false, trouble: 'none' };
  try {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { facingMode: facing, width: { ideal: 1280 }, height: { ideal: 720 } },
    });
    const devices = await navigator.mediaDevices.enumerateDevices();
    return { ok: true, stream, cameras: devices.filter(({ kind }) => kind === 'videoinput').length };
  } catch (fault) {
    const name = fault instanceof DOMException ? fault.name : '';
    if (name === 'NotAllowedError' || name === 'SecurityError') return { ok: false, trouble: 'blocked' };
    return { ok: false, trouble: name === 'NotReadableError' ? 'busy' : 'none' };
  }
};

export const stopCamera = (stream: MediaStream): void => {
  for (const track of stream.getTracks()) track.stop();
};
