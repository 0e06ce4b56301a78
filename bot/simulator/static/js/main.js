// The page: puts its parts together and starts them.

import * as api from "./api.js";
import { zoom } from "./attach.js";
import * as composer from "./composer.js";
import * as conversation from "./conversation.js";
import { openList } from "./list.js";
import { openMenu } from "./menu.js";
import { attempt } from "./overlay.js";
import * as people from "./people.js";
import * as state from "./state.js";
import * as tools from "./tools.js";
import * as views from "./views.js";

const compose = composer.start();

/** A tap on message `id`: the phone sends what the button stands for. */
const tap = (id) => (choice) => attempt(api.say(state.state.current, { type: "tap", message_id: id, ...choice }));

conversation.start({
  tap,
  zoom,
  menu: (id, anchor) => openMenu(state.state.messages.get(id), anchor, compose),
  list: (id) => (action) => openList(action, (row) => tap(id)({ id: row })),
});
people.start();
views.start();
tools.start();
state.start();
