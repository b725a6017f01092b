/** What the page and the decoding worker say to each other. */
export interface DecodeRequest {
  readonly id: number;
  readonly width: number;
  readonly height: number;
  /** RGBA, handed over. */
  readonly pixels: ArrayBuffer;
  /** A photo may take longer than a frame of video. */
  readonly still: boolean;
}
export interface DecodeReply {
  readonly id: number;
  /** null: no code in this picture. */
  readonly text: string | null;
}
