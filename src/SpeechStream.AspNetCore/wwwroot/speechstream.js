// Live captions of a page's microphone, of a recording, or of somebody else's session, over the endpoint that MapSpeechStream maps.
// Every class is an EventTarget; speechstream.d.ts describes its events.
export { problems, Problem } from "./speechstream/captions.js";
export { Microphone } from "./speechstream/microphone.js";
export { Recording } from "./speechstream/recording.js";
export { Viewer } from "./speechstream/viewer.js";
