// The steps of the check, in their order.
//
// A step is {name, limit, late, run}: run(check) resolves with a result; after limit ms it
// is cut short, and the result is late, if there is one. A result is {state, said, todo,
// facts}: state is good, note, warning, bad or skipped; said, todo and each of facts are
// {word, values}. run.js says what run is given.

import { browser } from "./browser.js";
import { camera } from "./camera.js";
import { microphone } from "./microphone.js";
import { speaker } from "./speaker.js";
import { codecs } from "./codecs.js";
import { screen } from "./screen.js";
import { server } from "./server.js";
import { paths } from "./paths.js";
import { call } from "./call.js";

export const steps = [browser, camera, microphone, speaker, codecs, screen, server, paths, call];
