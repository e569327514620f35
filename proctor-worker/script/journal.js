// The log that the server has not acknowledged, kept in the browser's database, so that the next page goes on with it. Where
// there is no database, or one that hangs, the next page begins a new log.
import { database } from "browser-database";

const logs = database("proctoring", "logs");

export const keep = (session, bytes) => logs.keep((store) => store.put(bytes, session));

export const recall = (session) => logs.recall((store) => store.get(session));

export const forget = (session) => logs.forget((store) => store.delete(session));
