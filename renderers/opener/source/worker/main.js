/** The worker's start. */

import { worker } from "./conversation.js";

const receive = worker((message, transfer = []) => self.postMessage(message, { transfer }));
self.onmessage = (event) => receive(event.data);
