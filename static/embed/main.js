// The page embed: starts its parts.

import "./words.js";
import { start } from "../ui/language.js";

start();
