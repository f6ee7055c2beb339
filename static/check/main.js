// The page check: starts its parts.

import "./words.js";
import { start } from "../ui/language.js";

start();
