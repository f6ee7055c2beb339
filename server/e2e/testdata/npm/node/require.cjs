const check = require("./traps.cjs");
const deep = require("NAME/sdk/code/zh/ZegoExpressEntity.web");
require("node:assert").equal(deep.ZegoStreamUpdateType.videoAndAudio, 2);
require("node:assert").equal(require("NAME/index").ZegoExpressEngine, require("NAME").ZegoExpressEngine);
check(require("NAME"), "require");
