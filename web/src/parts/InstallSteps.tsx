import type { VNode } from 'preact';
import { useApp, useWords } from '../app/app.ts';
import { Drawing } from './Drawing.tsx';
import { AddPicture, CopyPicture, OpenPicture, SharePicture } from './installPictures.tsx';
import { copyText } from './sharing.ts';
import '../style/install.css';

interface Props {
  /** The invite: it comes along by hand, for the app on the home screen can't see what is open here. */
  readonly link: string;
  readonly onGoOn: () => void;
}
/** For Safari on an iPhone, before anything is asked or made: put the app on the home screen, and join there. */
export function InstallSteps({ link, onGoOn }: Props): VNode {
  const app = useApp();
  const m = useWords();
  return (
    <>
      <div class="stack tight push">
        <h2>{m.install_first()}</h2>
        <p class="quiet">{m.install_first_why()}</p>
      </div>
      <ol class="install-steps push">
        <li>
          <CopyPicture />
          <div class="stack tight">
            <p>{m.install_step_copy()}</p>
            <button class="button wide" type="button" onClick={() => void copyText(app, link)}>
              <Drawing name="copy" />
              {m.copy_link()}
            </button>
          </div>
        </li>
        <li>
          <SharePicture />
          <p>{m.install_step_share()}</p>
        </li>
        <li>
          <AddPicture />
          <p>{m.install_step_add()}</p>
        </li>
        <li>
          <OpenPicture />
          <p>{m.install_step_open({ join: m.join_circle() })}</p>
        </li>
      </ol>
      <div class="foot">
        <button class="button second wide" type="button" onClick={onGoOn}>
          {m.install_go_on()}
        </button>
        <p class="small quiet center">{m.install_go_on_means()}</p>
      </div>
    </>
  );
}
